// Whom to talk to: the colleagues, and those who called, wrote, or spoke to the box.

import { act, askFor, back, fill, make, open, row, sign } from "./sheet.js";

const $ = (id) => document.getElementById(id);
const ONE_ROW = 3; // colleagues; of more, two rows are shown

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Day and time of a moment, by the clock on the panel's wall wherever the reader is. */
export const clock = (at) => `${DAYS[new Date(`${at.slice(0, 19)}Z`).getUTCDay()]} ${at.slice(11, 16)}`;

let call, panel = null;

/** Fill this part of the page, and keep it up to date. */
export function begin(ask) {
  call = ask;
  addEventListener("panel", ({ detail }) => show((panel = detail)));
  addEventListener("reach", ({ detail }) => detail || lose());
  $("cancel").addEventListener("click", () => askFor("/api/dial", undefined, "DELETE"));
  for (const chip of chips()) chip.addEventListener("click", () => open(chip, LISTS[chip.dataset.waits]));
}

const chips = () => document.querySelectorAll("[data-waits]");

function show() {
  strip(panel.colleagues);
  $("cancel").hidden = !["lift", "connecting"].includes(panel.calling?.stage);
  for (const chip of chips()) label(chip, CHIPS[chip.dataset.waits](panel.notices[chip.dataset.waits]));
  fill();
}

/** Without a panel nothing is claimed of anybody. */
function lose() {
  if (panel) strip(panel.colleagues.map((c) => ({ ...c, ...NOBODY_KNOWS })));
  $("team").inert = true;
  $("cancel").hidden = true;
  for (const chip of chips()) chip.hidden = true;
}

const NOBODY_KNOWS = { state: "unknown", word: "unknown", diverted: false };

// The strip of colleagues

function strip(people) {
  const list = $("team");
  const numbers = people.map((c) => c.number).join();
  if (list.dataset.numbers !== numbers) {
    list.dataset.numbers = numbers;
    list.replaceChildren(...people.map(place));
  }
  people.forEach((person, n) => labelPerson(list.children[n].firstChild, person));
  list.hidden = !people.length;
  list.inert = false;
  document.body.classList.toggle("has-team", people.length > 0);
  document.body.classList.toggle("has-many", people.length > ONE_ROW);
}

function place({ number }) {
  const li = document.createElement("li"), key = make("button", "");
  key.setAttribute("aria-haspopup", "dialog");
  key.dataset.number = number;
  key.addEventListener("click", () => open(key, () => about(number)));
  li.append(key);
  return li;
}

function labelPerson(key, person) {
  const told = JSON.stringify(person);
  if (key.dataset.told === told) return;
  key.dataset.told = told;
  key.dataset.state = person.state;
  key.setAttribute("aria-label", inWords(person));
  const marks = [person.diverted && "diverts", person.tell_when_free && "waited"].filter(Boolean);
  const words = make("span", person.name, "name"), doing = make("span", person.word, "word");
  key.replaceChildren(sign(person.state), words, doing, ...marks.map(sign));
}

function inWords({ name, word, diverted, tell_when_free: waited }) {
  return [name, word, diverted && "diverts calls", waited && "you will be told when free"].filter(Boolean).join(", ");
}

async function about(number) {
  const person = panel.colleagues.find((c) => c.number === number);
  if (!person) return ["", []];
  const { name, state, tell_when_free: waited } = person;
  const path = `/api/colleagues/${encodeURIComponent(number)}/tell`;
  const keys = [act("Call", () => dial(number, name), "main")];
  if (state !== "free") {
    const tell = act("Tell me when free", () => askFor(path, {}, waited ? "DELETE" : "POST"));
    tell.setAttribute("aria-pressed", String(waited));
    keys.push(tell);
  }
  const more = person.diverted ? `${person.word}, diverts calls` : person.word;
  return [name, [make("p", `${number} · ${more}`, "more"), row(keys)]];
}

// What waits

const some = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const CHIPS = {
  missed: ({ total, unseen }) => [total && some(total, "call", "calls"), unseen],
  message: ({ total, unseen }) => [total && some(total, "text", "texts"), unseen],
  voicemail: ({ new: fresh, old, unseen }) => [(fresh || old || unseen) && (fresh ? `${fresh} new voicemail` : "Voicemail"), unseen],
};
const LISTS = { missed: calls, message: texts, voicemail: box };
const MEETS = { dnd: "in do not disturb", absent: "while absent", diverted: "diverted" };

function label(chip, [text, unseen]) {
  chip.hidden = !text;
  chip.textContent = text || "";
  chip.classList.toggle("fresh", Boolean(unseen));
}

async function calls() {
  const entries = await call("/api/calls");
  return ["Calls that did not reach you", entries.map((c) => entry(c, [times(c), MEETS[c.kind], when(c.at)]))];
}

async function texts() {
  const entries = await call("/api/messages");
  return ["Messages", entries.flatMap((t) => [entry(t, [t.text, when(t.at)], answerable(t)), ...answer(t)])];
}

// What a text can be answered with

let answering = ""; // the text whose answers are shown
const answered = new Map(); // what became of the last answer to it

const keyOf = ({ number, at, text }) => JSON.stringify([number, at, text]);

/** The button that shows and hides the answers. */
function answerable(text) {
  if (!text.number || !panel.replies.length) return [];
  const key = keyOf(text), isOpen = key === answering;
  const button = act("Reply", () => fill((answering = isOpen ? "" : key)), "", `Reply to ${text.name || text.number}`);
  button.setAttribute("aria-expanded", String(isOpen));
  return [button];
}

function answer(text) {
  const key = keyOf(text), told = answered.get(key), below = [];
  if (told) below.push(make("p", told, "more told"));
  if (key === answering) below.push(row(panel.replies.map((words) => act(words, () => reply(text, words)))));
  return below;
}

async function reply(text, words) {
  const tell = (told) => fill(answered.set(keyOf(text), told));
  answering = "";
  tell(`Sending “${words}”…`);
  tell(await deliver(text.number, words));
}

/** Send it, and what became of it. */
async function deliver(to, text) {
  try {
    const { job } = await call("/api/messages", { to, text });
    for (;;) {
      const sent = (await call("/api/sent")).find((one) => one.job === job);
      if (sent?.ok) return `Sent: “${text}”`;
      if (sent?.ok === false) return `Not sent: ${sent.reason}`;
      if (!sent) return NOBODY_SAYS;
      await new Promise((yes) => setTimeout(yes, SENT_MS));
    }
  } catch (fault) {
    return fault.status ? `Not sent: ${fault.message}` : NOBODY_SAYS;
  }
}

const SENT_MS = 400;
const NOBODY_SAYS = "Whether it was sent is not known";

async function box() {
  const { new: fresh, old, urgent, known, number } = panel.notices.voicemail;
  const told = [`${fresh} new`, urgent && `${urgent} urgent`, `${old} old`, !known && "not up to date"];
  const listen = number ? [row([act("Listen", () => dial(number, "Voicemail"), "main")])] : [];
  return ["Voicemail", [make("p", told.filter(Boolean).join(", "), "more"), ...listen]];
}

const times = ({ count }) => (count > 1 ? `${count} times` : "");
const when = (at) => (at ? clock(at) : "time unknown");

function entry({ number, name }, about, more = []) {
  const who = name || number || "Unknown caller";
  const line = make("div", "", "entry"), words = make("div", "");
  words.append(make("b", who), make("p", about.filter(Boolean).join(" · "), "more"));
  line.append(words);
  if (number) line.append(row([act("Call back", () => dial(number, name), "", `Call ${who} back`), ...more]));
  return line;
}

function dial(number, name) {
  back();
  askFor("/api/dial", { number, name });
}
