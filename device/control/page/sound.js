// Whether the panel may be heard: a bell in the corner of the card, and for how long it is to be silent.

import { act, askFor, back, fill, make, open, row } from "./sheet.js";

const bell = document.getElementById("sound");
const SPANS = [["30 min", "30m"], ["1 hour", "1h"], ["2 hours", "2h"], ["8 hours", "8h"], ["No limit", undefined]];
const QUIET = { dnd: "silent in do not disturb", absent: "silent while absent", logged_out: "silent while logged out" };

let panel = null;

export function begin() {
  addEventListener("panel", ({ detail }) => show((panel = detail)));
  addEventListener("reach", ({ detail }) => (bell.hidden = !detail));
  bell.addEventListener("click", () => open(bell, choices));
}

/** What keeps it silent, in words that fit behind "Sound"; the wish first, as only that can be ended here. */
export function heard({ sound, status }) {
  if (sound.muted) return sound.until ? `silent until ${sound.until.slice(11, 16)}` : silentFor(sound.remaining);
  if (sound.quiet_hours) return "silent in quiet hours";
  return sound.on ? "on" : QUIET[status] ?? "silent";
}

const silentFor = (seconds) => (seconds === null ? "silent" : `silent for ${Math.max(1, Math.round(seconds / 60))} more min`);

function show() {
  bell.hidden = false;
  bell.classList.toggle("silent", !panel.sound.on);
  bell.querySelector("use").setAttribute("href", panel.sound.on ? "#bell" : "#silent");
  bell.title = `Sound: ${heard(panel)}`;
  bell.setAttribute("aria-label", bell.title);
  fill();
}

async function choices() {
  const told = heard(panel), keys = SPANS.map(([name, span]) => act(name, () => mute(span), "", `Silent: ${name}`));
  if (panel.sound.muted) keys.unshift(act("Sound again", () => ask(undefined, "DELETE"), "main"));
  const about = make("p", `Now ${told}. Be silent for:`, "more");
  return ["Sound", [about, row(keys), make("p", "Lamps and display go on as before.", "more aside")]];
}

const mute = (span) => ask(span ? { for: span } : {}, "POST");

function ask(body, method) {
  back();
  askFor("/api/mute", body, method);
}
