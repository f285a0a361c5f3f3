// The page's side of the panel: shows what the WebSocket tells, and tells what the fingers do.

import { begin as beginPeople, clock } from "./people.js";
import { begin as beginSheet } from "./sheet.js";
import { begin as beginSound, heard } from "./sound.js";

const $ = (id) => document.getElementById(id);
const keys = new Map([...document.querySelectorAll("[data-button]")].map((k) => [k.dataset.button, k]));
const lamps = new Map([...document.querySelectorAll("[data-lamp]")].map((l) => [l.dataset.lamp, l]));
const ORDER = ["available", "dnd", "absent", "diverted", "logged_out", "missed", "message", "voicemail"];
const NAMES = {
  available: "Available", dnd: "Do not disturb", absent: "Absent", diverted: "Diverted", logged_out: "Logged out",
  missed: "Missed calls", message: "Messages", voicemail: "Voicemail",
};
const HOLD_MS = 800;

// Lamps: the grammar of hw/patterns.py, on one clock, so that equal patterns are in phase.

const BEATS = {
  fast: [400, [0, 200]],
  slow: [2000, [0, 1000]],
  blip3: [1200, [0, 100, 200, 300, 400, 500]],
  dash: [2000, [0, 100]],
  pulse: [4000, [0, 150]],
};
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const CALMER = 4; // a quarter of the pace, and soft edges: still told apart, but nothing flashes
const FLOOR = 0.25;

function up(pattern, ms) {
  const [frame, edges] = BEATS[pattern];
  const phase = ms % frame;
  return edges.filter((edge) => edge <= phase).length % 2 === 1;
}

/** How far up a pattern is, from 0 to 1; averaged over a while where motion should be gentle. */
function height(pattern, ms) {
  if (!calm.matches) return up(pattern, ms) ? 1 : 0;
  const steps = 12, width = 150;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += up(pattern, ms / CALMER + (i / steps) * width);
  return sum / steps;
}

/** What a glow looks like at a moment: its colour, and how bright from 0 to 1. */
export function look(glow, ms) {
  if (glow.pattern === "off") return ["off", 0];
  if (glow.pattern === "pulse") return pulse(glow, ms);
  if (glow.colour === "off") return ["off", 0];
  const high = glow.pattern === "steady" ? 1 : height(glow.pattern, ms);
  const floor = calm.matches && glow.pattern !== "steady" ? FLOOR : 0;
  return [glow.colour, glow.level * (floor + (1 - floor) * high)];
}

function pulse(glow, ms) {
  const high = height("pulse", ms);
  if (high > 0.5 && glow.overlay && glow.overlay !== "off") return [glow.overlay, glow.level];
  return glow.colour === "off" ? ["off", 0] : [glow.colour, glow.level * (1 - high)];
}

/** A lamp at three tenths of its power looks brighter than that to the eye. */
const seen = (level) => (level <= 0 ? 0 : Math.pow(level, 0.6));

const DARK = { colour: "off", overlay: "off", pattern: "off", level: 1 };
let glows = {};

function shine() {
  const ms = performance.now();
  for (const [name, lamp] of lamps) {
    const [colour, level] = look(glows[name] ?? DARK, ms);
    const lit = seen(level).toFixed(2);
    if (lamp.dataset.lit === lit && lamp.dataset.colour === colour) continue;
    lamp.dataset.lit = lit;
    if (colour !== "off") lamp.dataset.colour = colour;
    lamp.style.setProperty("--lit", lit);
  }
  requestAnimationFrame(shine);
}

function showLamps(told) {
  glows = told;
  for (const [name, lamp] of lamps) {
    const glow = told[name] ?? DARK;
    lamp.dataset.pattern = glow.pattern;
    lamp.dataset.glow = glow.colour;
    const dark = glow.pattern === "off" || (glow.colour === "off" && glow.pattern !== "pulse");
    keys.get(name)?.setAttribute("aria-label", `${NAMES[name]}, lamp ${dark ? "off" : `${glow.colour} ${glow.pattern}`}`);
  }
}

// The OLED, pixel for pixel

const oled = $("oled");
let picture = { pixels: "", size: [128, 64] };

const PART = 0.655; // of the case's width is the glass's, where the notices stand beside it
const WORDS_PX = 300; // what else wants to be seen without scrolling
const TEAM_PX = { "has-team": 62, "has-many": 42 };

/** What the colleagues take of the height. */
function team() {
  const rows = Object.entries(TEAM_PX).filter(([name]) => document.body.classList.contains(name));
  return rows.reduce((sum, [, px]) => sum + px, 0);
}

/** A case just so wide that the OLED fills its window with whole device pixels. */
function fit() {
  const [width] = picture.size;
  const scale = window.devicePixelRatio || 1;
  const wall = getComputedStyle($("panel").parentElement);
  const room = $("panel").parentElement.clientWidth - parseFloat(wall.paddingLeft) * 2;
  const tall = Math.max(420, (innerHeight - WORDS_PX - team()) * 1.55);
  const cell = Math.floor((Math.min(room, tall, 1000) * PART * scale) / width);
  $("panel").style.setProperty("--width", innerWidth > 620 ? `${(cell * width) / scale / PART}px` : "100%");
  draw();
}

function draw() {
  const [width, height] = picture.size;
  const scale = window.devicePixelRatio || 1;
  const cell = Math.max(1, Math.floor((oled.parentElement.clientWidth * scale) / width));
  oled.width = width * cell;
  oled.height = height * cell;
  oled.style.width = `${(width * cell) / scale}px`;
  oled.style.height = `${(height * cell) / scale}px`;
  const pen = oled.getContext("2d");
  const core = cell - (cell >= 3 ? Math.max(1, Math.round(cell / 7)) : 0);
  for (const [colour, side] of [["#6f8f9b", cell], ["#dcf7ff", core]]) { // light spreads into the seams
    pen.fillStyle = colour;
    for (const [x, y] of lit()) pen.fillRect(x * cell, y * cell, side, side);
  }
}

/** Where the glass is lit. */
function* lit() {
  const [width, height] = picture.size;
  const rows = Uint8Array.from(atob(picture.pixels), (c) => c.charCodeAt(0));
  const stride = Math.ceil(width / 8);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (rows[y * stride + (x >> 3)] & (0x80 >> (x & 7))) yield [x, y];
    }
  }
}

new ResizeObserver(draw).observe(oled.parentElement);
new ResizeObserver(fit).observe($("panel").parentElement);
new MutationObserver(fit).observe(document.body, { attributeFilter: ["class"] });

// In words

const CONFIRMED = { // by what the confirmation means
  hint: ["PBX", "confirms it"],
  publish: ["PBX", "shows it to others", false, "what callers meet is the panel's own answer"],
  code: ["PBX", "accepted it", false, "it cannot be read back"],
  answers: ["The panel", "answers so"],
};
const MIRROR = { pending: "is being told", unknown: "has not said" };
const LINK = { online: "registered", connecting: "connecting", offline: "not registered", refused: "turned down by the PBX" };
const LINE = { free: "free", ringing: "ringing", busy: "busy", unknown: "not known" };
const BY = {
  button: "by button", web: "from the page", cli: "by command", tray: "from the tray", mqtt: "over MQTT",
  schedule: "by schedule", pbx: "at the PBX",
};

const whom = ({ name, number }) => name || number;
const CALLING = {
  lift: (call) => `Lift your phone to talk to ${whom(call)}`,
  connecting: (call) => `Connecting to ${whom(call)}…`,
  connected: (call) => `Connected to ${whom(call)}`,
  failed: (call) => call.reason,
};

function headline(panel) {
  if (panel.ringing.length) {
    const { name, number } = panel.ringing[0];
    return `${name || number || "Unknown caller"} is calling`;
  }
  if (panel.calling) return CALLING[panel.calling.stage](panel.calling);
  const target = panel.divert.name || panel.divert.target;
  const where = panel.status === "diverted" && target ? ` to ${target}` : "";
  const unsure = panel.mirror.state === "unknown" ? "Chosen: " : "";
  return `${unsure}${NAMES[panel.status]}${where}${limit(panel)}`;
}

function limit(panel) {
  if (panel.until) return ` until ${panel.until.slice(11, 16)}`;
  if (panel.remaining === null) return "";
  return ` for ${Math.max(1, Math.round(panel.remaining / 60))} more min`;
}

/** What the card tells: title, text, whether that is bad, and what there is to add. */
export function facts(panel) {
  const rows = [mirrored(panel.mirror, panel.status)];
  if (chosen(panel)) rows.push(["Set", BY[panel.mirror.by] ?? panel.mirror.by]);
  rows.push(["Line", LINE[panel.line]]);
  rows.push(["Link", LINK[panel.link] + (panel.link === "online" ? ` as ${panel.user}` : ""), panel.link === "refused"]);
  if (panel.sound.muted || panel.sound.quiet_hours) rows.push(["Sound", heard(panel)]);
  if (panel.mirror.misfit) rows.push(["Profile", panel.mirror.misfit, true]);
  else if (why(panel)) rows.push(["Why", why(panel)]);
  if (panel.mirror.limit) rows.push(["Note", panel.mirror.limit]);
  if (panel.divert.warning) rows.push(["Warning", panel.divert.warning, true]);
  if (panel.schedule) rows.push(["Next", next(panel.schedule)]);
  for (const [part, lost] of Object.entries(panel.hardware)) rows.push([part, lost, true]);
  if (!panel.time_known) rows.push(["Clock", "not set yet"]);
  return rows;
}

/** What the schedule does next. */
function next({ at, status, target, name }) {
  const where = target ? ` to ${name || target}` : "";
  return `${NAMES[status]}${where}, ${clock(at)}`;
}

function mirrored({ state, means, reason }, status) {
  if (state === "refused") return ["Refused", reason, true];
  if (state === "confirmed" && status === "logged_out") return ["The panel", "is not reached by the PBX"];
  return state === "confirmed" ? CONFIRMED[means] ?? CONFIRMED.hint : ["PBX", MIRROR[state]];
}

/** A PBX that finds nothing set is not somebody who set it. */
const chosen = ({ status, mirror }) => status !== "available" || mirror.by !== "pbx";

/** A reason, unless it only repeats what is said already. */
function why({ status, link_reason, mirror }) {
  const reason = link_reason || (mirror.state === "refused" ? "" : mirror.reason);
  return reason.toLowerCase() === NAMES[status].toLowerCase() ? "" : reason;
}

function showWords(panel) {
  say(headline(panel));
  $("facts").replaceChildren(...facts(panel).map(fact));
  oled.setAttribute("aria-label", `The panel's display, page ${panel.page}`);
  for (const name of ORDER.slice(0, 5)) keys.get(name).setAttribute("aria-pressed", String(panel.status === name));
}

function fact([title, text, bad, more]) {
  const row = document.createElement("div"), dt = document.createElement("dt"), dd = document.createElement("dd");
  dt.textContent = title;
  dd.textContent = text;
  dd.classList.toggle("bad", Boolean(bad));
  if (more) dd.title = more;
  row.append(dt, dd);
  return row;
}

function say(text) {
  if ($("headline").textContent !== text) $("headline").textContent = text;
}

// Fingers. An edge goes out for each; where the board is real, a whole press or hold instead.

let edges = false;
const down = new Set();
const latched = new Set(); // waits for the next button to go down with; nobody has been told yet
const joined = new Set(); // went down with another one, and comes up with it
const holds = new Map(); // button -> timer, while it may still become a hold

function edge(button, isDown) {
  if (isDown === down.has(button)) return;
  isDown ? down.add(button) : down.delete(button);
  keys.get(button).classList.toggle("down", isDown);
  if (edges) send({ edge: { button, down: isDown } });
  else if (isDown) holds.set(button, setTimeout(() => press(button, true), HOLD_MS));
  else if (holds.has(button)) press(button, false);
}

function press(button, hold) {
  clearTimeout(holds.get(button));
  holds.delete(button);
  call("/api/press", { button, hold }).catch(() => {});
}

/** A finger goes down, and so do the buttons that were waiting for it. */
function push(button) {
  const others = [...latched].filter((other) => other !== button);
  unlatch();
  for (const other of others) {
    joined.add(other);
    edge(other, true);
  }
  edge(button, true);
}

function release(button) {
  edge(button, false);
  for (const other of joined) edge(other, false);
  joined.clear();
}

function latch(button) {
  latched.add(button);
  keys.get(button).classList.add("latched");
}

function unlatch() {
  for (const button of latched) keys.get(button).classList.remove("latched");
  latched.clear();
}

function letGo() {
  unlatch();
  for (const button of [...down]) release(button);
}

for (const [button, key] of keys) {
  const pointers = new Set();
  const leave = (event) => {
    if (!pointers.delete(event.pointerId)) return;
    if (!pointers.size) release(button);
  };
  key.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (event.shiftKey && latched.has(button)) return unlatch();
    if (event.shiftKey && !latched.size && edges) return latch(button);
    key.setPointerCapture(event.pointerId);
    pointers.add(event.pointerId);
    push(button);
  });
  key.addEventListener("pointerup", leave);
  key.addEventListener("pointercancel", leave);
  key.addEventListener("lostpointercapture", leave);
  key.addEventListener("contextmenu", (event) => event.preventDefault());
  key.addEventListener("keydown", (event) => onKey(event, button, true));
  key.addEventListener("keyup", (event) => onKey(event, button, false));
}

function onKey(event, button, isDown) {
  if (event.key !== " " && event.key !== "Enter") return;
  event.preventDefault();
  if (event.repeat) return;
  isDown ? push(button) : release(button);
}

function onDigit(event, isDown) {
  const button = /^(?:Digit|Numpad)[1-8]$/.test(event.code) ? ORDER[Number(event.code.at(-1)) - 1] : null;
  if (!button || event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("input, textarea")) return;
  if (event.repeat) return;
  isDown ? push(button) : release(button);
}

addEventListener("keydown", (event) => onDigit(event, true));
addEventListener("keyup", (event) => onDigit(event, false));
addEventListener("keydown", (event) => event.key === "Escape" && unlatch());
addEventListener("blur", letGo);
addEventListener("pagehide", letGo);

// The connection

let token = new URLSearchParams(location.hash.slice(1)).get("token") ?? sessionStorage.getItem("token") ?? "";
let socket = null;
let wait = 500;
let silence = 0;
const SILENCE_MS = 25_000;

/** Ask or tell over HTTP; the answer, or an error with the panel's own sentence. */
export async function call(path, body, method = body === undefined ? "GET" : "POST") {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const sent = method === "POST" ? JSON.stringify(body) : undefined;
  const answer = await fetch(path, { method, headers, body: sent });
  const told = await answer.json();
  if (answer.ok) return told;
  throw Object.assign(new Error(told.error), { status: answer.status });
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

async function connect() {
  try {
    await call("/api/panel"); // a WebSocket would not tell why it was turned down
  } catch (fault) {
    away();
    if (fault.status === 401) return askToken(fault.message);
    return again();
  }
  const query = token ? `?token=${encodeURIComponent(token)}` : "";
  socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/events${query}`);
  socket.onmessage = (event) => take(JSON.parse(event.data));
  socket.onclose = lose;
  listenFor(SILENCE_MS);
}

/** The server says something every ten seconds; after a longer silence the wire is dead. */
function listenFor(ms) {
  clearTimeout(silence);
  silence = setTimeout(lose, ms);
}

function lose() {
  clearTimeout(silence);
  socket.onclose = socket.onmessage = null;
  socket.close();
  away();
  again();
}

function take(news) {
  listenFor(SILENCE_MS);
  if ("edges" in news) here(news);
  if (news.panel) {
    showLamps(news.panel.lamps);
    showWords(news.panel);
    dispatchEvent(new CustomEvent("panel", { detail: news.panel }));
  }
  if (news.pixels !== undefined) {
    picture = news;
    draw();
  }
}

function here(news) {
  edges = news.edges;
  wait = 500;
  reach(true);
  document.body.classList.toggle("edges", edges);
  $("ask").hidden = true;
  if (news.demo) showWorld();
}

function away() {
  socket = null;
  letGo();
  showLamps({});
  reach(false);
  $("facts").replaceChildren();
  say("No connection to the panel");
}

/** The panel can be reached, or not; what was known of the world is not known any more then. */
function reach(well) {
  document.body.classList.toggle("away", !well);
  $("world").inert = !well;
  dispatchEvent(new CustomEvent("reach", { detail: well }));
}

function again() {
  setTimeout(connect, wait);
  wait = Math.min(wait * 1.6, 5000);
}

function askToken(why) {
  $("ask").hidden = false;
  $("ask").querySelector("label").textContent = why;
  $("token").focus();
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  token = $("token").value;
  sessionStorage.setItem("token", token);
  connect();
});

async function showWorld() {
  if (!$("world").hidden) return;
  $("world").hidden = false;
  document.body.classList.add("has-world");
  (await import("./world.js")).begin($("world"), call);
}

if (token) {
  sessionStorage.setItem("token", token);
  history.replaceState(null, "", location.pathname);
}
showLamps({});
beginSheet(call);
beginPeople(call);
beginSound();
requestAnimationFrame(shine);
connect();
