// Whom to talk to: the colleagues, and those who called, wrote, or spoke to the box.

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const REFUSAL_MS = 6000;
const ONE_ROW = 3; // colleagues; of more, two rows are shown

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Day and time of a moment, by the clock on the panel's wall wherever the reader is. */
export const clock = (at) => `${DAYS[new Date(`${at.slice(0, 19)}Z`).getUTCDay()]} ${at.slice(11, 16)}`;

let call, panel = null, shown = null, forget = 0;

/** Fill this part of the page, and keep it up to date. */
export function begin(ask) {
  call = ask;
  addEventListener("panel", ({ detail }) => show((panel = detail)));
  addEventListener("reach", ({ detail }) => detail || lose());
  $("cancel").addEventListener("click", () => askFor("/api/dial", undefined, "DELETE"));
  for (const chip of chips()) chip.addEventListener("click", () => open(chip, LISTS[chip.dataset.waits]));
  addEventListener("pointerdown", ({ target }) => isOutside(target) && shut());
  addEventListener("keydown", ({ key }) => key === "Escape" && shown && back());
  addEventListener("scroll", ({ target }) => isOutside(target) && put(shown.anchor), true);
  addEventListener("resize", shut);
}

const chips = () => document.querySelectorAll("[data-waits]");

function show() {
  strip(panel.colleagues);
  $("cancel").hidden = !["lift", "connecting"].includes(panel.calling?.stage);
  for (const chip of chips()) label(chip, CHIPS[chip.dataset.waits](panel.notices[chip.dataset.waits]));
  if (shown) fill();
}

/** Without a panel nothing is claimed of anybody. */
function lose() {
  if (panel) strip(panel.colleagues.map((c) => ({ ...c, ...NOBODY_KNOWS })));
  $("team").inert = true;
  $("cancel").hidden = true;
  for (const chip of chips()) chip.hidden = true;
  shut();
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
  return ["Messages", entries.map((t) => entry(t, [t.text, when(t.at)]))];
}

async function box() {
  const { new: fresh, old, urgent, known, number } = panel.notices.voicemail;
  const told = [`${fresh} new`, urgent && `${urgent} urgent`, `${old} old`, !known && "not up to date"];
  const listen = number ? [row([act("Listen", () => dial(number, "Voicemail"), "main")])] : [];
  return ["Voicemail", [make("p", told.filter(Boolean).join(", "), "more"), ...listen]];
}

const times = ({ count }) => (count > 1 ? `${count} times` : "");
const when = (at) => (at ? clock(at) : "time unknown");

function entry({ number, name }, about) {
  const who = name || number || "Unknown caller";
  const line = make("div", "", "entry"), words = make("div", "");
  words.append(make("b", who), make("p", about.filter(Boolean).join(" · "), "more"));
  line.append(words);
  if (number) line.append(act("Call back", () => dial(number, name), "", `Call ${who} back`));
  return line;
}

// The sheet that opens at a button

async function open(anchor, content) {
  const again = shown?.anchor === anchor;
  shut();
  if (again) return;
  shown = { anchor, content };
  const at = shown;
  await fill();
  if (shown !== at) return;
  anchor.setAttribute("aria-expanded", "true");
  $("sheet").showPopover();
  put(anchor);
  $("sheet").querySelector("button")?.focus();
}

/** Write the sheet anew; the focus stays on the button that had it. */
async function fill() {
  const at = shown;
  const [title, content] = await at.content().catch((fault) => [fault.message, []]);
  if (shown !== at) return;
  const sheet = $("sheet"), before = [...sheet.querySelectorAll("button")].indexOf(document.activeElement);
  const heading = make("h2", title);
  heading.id = "about";
  sheet.replaceChildren(heading, ...content);
  if (before >= 0) sheet.querySelectorAll("button")[before]?.focus();
}

/** Above its button, where there is room, and never beside the window. */
function put(anchor) {
  const sheet = $("sheet"), at = anchor.getBoundingClientRect(), own = sheet.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.x + at.width / 2 - own.width / 2), innerWidth - own.width - 8);
  const top = at.y - own.height - 8;
  sheet.style.left = `${left}px`;
  sheet.style.top = `${top >= 8 ? top : Math.max(8, Math.min(at.bottom + 8, innerHeight - own.height - 8))}px`;
}

const isOutside = (target) => shown && !$("sheet").contains(target) && !shown.anchor.contains(target);

function shut() {
  shown?.anchor.setAttribute("aria-expanded", "false");
  shown = null;
  $("sheet").hidePopover();
}

/** Shut it, and be where one was before. */
function back() {
  const { anchor } = shown;
  shut();
  anchor.focus();
}

// Wishes

function dial(number, name) {
  back();
  askFor("/api/dial", { number, name });
}

async function askFor(path, body, method) {
  try {
    await call(path, body, method);
    refuse("");
  } catch (fault) {
    refuse(fault.message);
  }
}

/** Say why not, for a while. */
function refuse(sentence) {
  clearTimeout(forget);
  $("refusal").textContent = sentence;
  $("refusal").hidden = !sentence;
  if (sentence) forget = setTimeout(refuse, REFUSAL_MS, "");
}

// Pieces

function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

function act(text, does, className, name) {
  const key = make("button", text, className);
  key.addEventListener("click", does);
  if (name) key.setAttribute("aria-label", name);
  return key;
}

function row(keys) {
  const div = make("div", "", "row");
  div.append(...keys);
  return div;
}

function sign(name) {
  const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", `sign ${name}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}
