// The sheet that opens at a button, the wishes it sends, and the pieces it is made of.

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const REFUSAL_MS = 6000;

let call, shown = null, forget = 0;

/** Listen for what shuts it. */
export function begin(told) {
  call = told;
  addEventListener("reach", ({ detail }) => detail || shut());
  addEventListener("pointerdown", ({ target }) => isOutside(target) && shut());
  addEventListener("keydown", ({ key }) => key === "Escape" && shown && back());
  addEventListener("scroll", ({ target }) => isOutside(target) && put(shown.anchor), true);
  addEventListener("resize", shut);
}

/** Open it at a button, or shut it there; `content` gives the title and the rest. */
export async function open(anchor, content) {
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

/** Write the sheet anew, where one is open; the focus stays on the button that had it. */
export async function fill() {
  const at = shown;
  if (!at) return;
  const [title, content] = await at.content().catch((fault) => [fault.message, []]);
  if (shown !== at) return;
  const sheet = $("sheet"), before = [...sheet.querySelectorAll("button")].indexOf(document.activeElement);
  const heading = make("h2", title);
  heading.id = "about";
  sheet.replaceChildren(heading, ...content);
  if (before >= 0) sheet.querySelectorAll("button")[before]?.focus();
  if (sheet.matches(":popover-open")) put(at.anchor);
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
export function back() {
  const { anchor } = shown;
  shut();
  anchor.focus();
}

// Wishes

/** Ask the panel; where it refuses, that is said. */
export async function askFor(path, body, method) {
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

export function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

export function act(text, does, className, name) {
  const key = make("button", text, className);
  key.addEventListener("click", does);
  if (name) key.setAttribute("aria-label", name);
  return key;
}

export function row(keys) {
  const div = make("div", "", "row");
  div.append(...keys);
  return div;
}

export function sign(name) {
  const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", `sign ${name}`);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}
