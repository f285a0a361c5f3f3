// The demo's second column: the world around the panel, to push on and to look at.

const LOOK_MS = 1000;
const SHOWN_OVER = 3;

const PAGE = `
  <div class="said"><p class="fault" role="alert" hidden></p></div>
  <h1>The world</h1>
  <p class="lead">Push something here, and watch the panel.</p>

  <h2>Somebody calls</h2>
  <form data-do="call" class="row">
    <input name="name" value="Anna Rossi" aria-label="Caller's name" autocomplete="off">
    <input name="number" value="0612345" aria-label="Caller's number" inputmode="tel" autocomplete="off">
    <button class="main">Call</button>
  </form>
  <ul class="calls" tabindex="0" aria-label="What callers meet" aria-live="polite"></ul>

  <h2>Somebody leaves word</h2>
  <form data-do="send_text" class="row">
    <input name="text" value="Lunch at one?" aria-label="Text" autocomplete="off">
    <button>Send text</button>
  </form>
  <div class="row">
    <button data-do="leave_voicemail">Leave voicemail</button>
    <button data-do="leave_voicemail" data-urgent="true">Urgent</button>
    <button data-do="hear_voicemail">Listen</button>
  </div>
  <p class="lead" data-fact="box"></p>
  <p class="lead" data-fact="sent"></p>

  <h2>The desk phone</h2>
  <div class="row">
    <button data-do="lift" disabled>Lift</button>
    <button data-do="put_down" disabled>Hang up</button>
    <button data-toggle="unplugged" aria-pressed="false">Unplug</button>
  </div>
  <p class="lead" data-fact="own"></p>
  <div class="row" data-list="codes"></div>
  <p class="lead" data-fact="kept"></p>

  <h2>Colleagues and others</h2>
  <div class="row choices"></div>

  <h2>The PBX</h2>
  <div class="row">
    <button data-toggle="away" aria-pressed="false">Gone</button>
    <button data-toggle="refusing" aria-pressed="false">Refuses codes</button>
  </div>
  <p class="lead" data-fact="pbx"></p>
`;

const UNREACHED = "No connection to the panel";

let root, call, names = {};

/** Fill the column, and keep it up to date. */
export function begin(element, ask) {
  [root, call] = [element, ask];
  root.innerHTML = PAGE;
  root.addEventListener("submit", onSubmit);
  root.addEventListener("click", onClick);
  root.addEventListener("change", onChange);
  addEventListener("panel", onPanel);
  addEventListener("reach", ({ detail }) => complain(detail ? "" : UNREACHED));
  call("/api/panel").then((detail) => onPanel({ detail }), () => {});
  setInterval(() => document.hidden || look(), LOOK_MS);
}

function onSubmit(event) {
  event.preventDefault();
  const form = event.target;
  const caller = Object.fromEntries(new FormData(root.querySelector('form[data-do="call"]')));
  act({ do: form.dataset.do, ...caller, ...Object.fromEntries(new FormData(form)) });
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button || button.type === "submit" && button.form) return;
  const { do: deed, urgent, code, call: id, toggle } = button.dataset;
  if (toggle) return act(turn(toggle, button.getAttribute("aria-pressed") !== "true"));
  if (deed) act({ do: deed, ...(urgent && { urgent: true }), ...(code && { code }), ...(id && { call: Number(id) }) });
}

function onChange({ target }) {
  const { number } = target.dataset;
  if (target.matches("select")) act(number ? { do: "colleague", number, be: target.value } : { do: "others", be: target.value });
}

function turn(toggle, on) {
  if (toggle === "unplugged") return { do: "desk_phone", on: !on };
  if (toggle === "refusing") return { do: "refuse_codes", on };
  return { do: on ? "go_away" : "come_back" };
}

/** Whatever changes on the panel may have changed the world, and the other way round. */
function onPanel({ detail }) {
  const { target, name } = detail.divert;
  if (target && name) names[target] = name;
  look();
}

async function act(deed) {
  try {
    show(await call("/demo/world", deed));
    complain("");
  } catch (fault) {
    complain(fault.status ? fault.message : UNREACHED);
    look();
  }
}

const look = () => call("/demo/world").then(show, () => {});

function complain(sentence) {
  const fault = root.querySelector(".fault");
  fault.textContent = sentence;
  fault.hidden = !sentence;
}

let last = "";

function show(world) {
  if (last === (last = JSON.stringify([world, names]))) return;
  fact("box", `${world.voicemail.new} new in the box${world.voicemail.urgent ? `, ${world.voicemail.urgent} urgent` : ""}, ${world.voicemail.old} heard`);
  fact("sent", world.texts.length ? `The panel wrote to ${world.texts.at(-1).to}: ${world.texts.at(-1).text}` : "");
  fact("kept", kept(world));
  showDeskPhone(world.own_call);
  list("codes", world.codes, ({ name, code }) => button("dial", { code }, name));
  for (const { number, name, being } of world.colleagues) {
    names[number] ??= name;
    choice(number, name, BEINGS, being);
  }
  choice("", "Others", FAR_ENDS, world.others);
  fact("pbx", world.away ? "It is gone: no answer to anything" : phones(world.contacts));
  press("away", world.away, world.away ? "Come back" : "Go away");
  press("unplugged", !world.desk_phone, world.desk_phone ? "Unplug" : "Plug in");
  press("refusing", world.refusing, world.refusing ? "Understand codes again" : "Refuse codes");
  const calls = inOrder(world.calls);
  root.querySelector(".calls").replaceChildren(...(calls.length ? calls.map(caller) : [nobody()]));
}

const OPEN = ["ringing", "diverted", "talking"];

/** Those something can still happen to, all of them, and then the latest that are over. */
function inOrder(calls) {
  const isOpen = ({ state }) => OPEN.includes(state);
  const over = calls.filter((call) => !isOpen(call)).slice(-SHOWN_OVER);
  return [...calls.filter(isOpen).reverse(), ...over.reverse()];
}

const STATUSES = { dnd: "do not disturb", logged_out: "logged out" };

function kept({ statuses, forward }) {
  const said = statuses.map((status) => (status === "diverted" ? `diverted to ${called(forward)}` : STATUSES[status] ?? status));
  return `The PBX keeps: ${said.join(", ") || "no status"}`;
}

/** The panel calls it, for the user to be sent on to somebody. */
function showDeskPhone(own) {
  const rings = Boolean(own?.answerable), open = own && OPEN.includes(own.state);
  const lift = root.querySelector("[data-do=lift]");
  lift.disabled = !rings;
  lift.classList.toggle("main", rings);
  root.querySelector("[data-do=put_down]").disabled = !open;
  const said = open && own.detail.replace(/\d{3,}/, called);
  fact("own", rings ? "It rings: the panel calls it" : open ? said[0].toUpperCase() + said.slice(1) : "On its hook");
}

const BEINGS = ["free", "ringing", "busy", "away", "diverted"];
const FAR_ENDS = { answers: "answer", busy: "are busy", silent: "are silent" };

/** Somebody, and how they are; left alone while it is as it was, so that an open list stays open. */
function choice(number, name, options, value) {
  const place = root.querySelector(".choices");
  let select = place.querySelector(`[data-number="${number}"]`);
  if (!select) {
    select = document.createElement("select");
    select.dataset.number = number;
    for (const option of Array.isArray(options) ? options : Object.keys(options)) select.add(new Option(options[option] ?? option, option));
    const label = make("label", "", name);
    label.append(select);
    place.append(label);
  }
  if (select.value !== value) select.value = value;
}

/** Made anew where it is not what it was. */
function list(name, items, show) {
  const place = root.querySelector(`[data-list="${name}"]`), told = JSON.stringify(items);
  if (place.dataset.told === told) return;
  place.dataset.told = told;
  place.replaceChildren(...items.map(show));
}

const phones = (count) => (count ? `It is there; ${count === 1 ? "the panel is" : `${count} panels are`} registered` : "It is there; the panel is not registered");

function fact(name, text) {
  const place = root.querySelector(`[data-fact="${name}"]`);
  place.textContent = place.title = text;
}

function press(toggle, on, text) {
  const button = root.querySelector(`[data-toggle="${toggle}"]`);
  button.setAttribute("aria-pressed", String(on));
  button.textContent = text;
}

const LOOKS = { ringing: "ringing", talking: "ringing", busy: "busy", unreachable: "busy", diverted: "moved", "given up": "over", ended: "over" };

/** What the caller meets, in one sentence. */
function meets({ state, detail }) {
  switch (state) {
    case "ringing": return `hears ${detail}`;
    case "busy": return `meets ${detail}`;
    case "unreachable": return `cannot get through: ${detail.replace(/^unreachable: /, "")}`;
    case "diverted": return detail.replace(/^diverted to ([^ ,;]+)/, (_, number) => `reached ${called(number)}`);
    case "talking": return `is ${detail}`;
    case "given up": return "gave up";
    default: return detail === state ? "has hung up" : `was cut off: ${detail}`;
  }
}

const called = (number) => (names[number] ? `${names[number]} (${number})` : number);

function caller(view) {
  const who = view.number ? view.name || view.number : "Unknown caller";
  const item = make("li", LOOKS[view.state] ?? "over");
  item.append(make("span", "who", who[0].toUpperCase()), make("span", "what", `${who} ${meets(view)}`));
  const acts = make("span", "acts");
  if (view.answerable) acts.append(button("answer", { call: view.id }, "Answer on desk phone"));
  if (OPEN.includes(view.state)) acts.append(button("hang_up", { call: view.id }, "Hang up"));
  if (acts.children.length) item.append(acts);
  return item;
}

const nobody = () => make("li", "none", "Nobody has called yet");

function button(deed, more, text) {
  const made = make("button", "", text);
  Object.assign(made.dataset, { do: deed, ...more });
  return made;
}

function make(tag, kind, text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}
