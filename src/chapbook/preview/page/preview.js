// The preview: which document is shown, in which frames, and what happens when the book or a setting changes.

import { DEVICES, Pages, rangeOf } from "./pages.js";
import * as panels from "./panels.js";

const $ = (id) => document.getElementById(id);
const { make } = panels;
const CHOICES = ["view", "device", "look", "type", "font"];
const stage = $("stage");

let state = { spine: [], stamps: {}, messages: [], themes: [] };
let frames = []; // each {pages, device, scale}
let shown = ""; // the document
let kept = null; // the spot, while a document is under way
let turn = 0; // counts what is asked for, so that what comes late is dropped

const chosen = () => Object.fromEntries(CHOICES.map((each) => [each, $(each).value]));

// What of the edition a document's looks depend on: its own bytes, and all sheets, pictures and fonts.
function stampsOf(name) {
  const others = Object.entries(state.stamps).filter(([each]) => !/\.(xhtml|opf|ncx)$/.test(each));
  return { own: state.stamps[name], others: others.reduce((sum, [, stamp]) => (sum * 31 + stamp) % 4294967291, 7) };
}

const settings = () => ({ ...chosen(), ...stampsOf(shown) });

// Frames ------------------------------------------------------------------------------------------------------------

function frame(device, theme, caption, room) {
  const { width, height } = DEVICES[device];
  const scale = Math.min(1, room.height / height, room.width / width);
  const iframe = make("iframe", { title: `${caption}: the pages`, tabIndex: -1 });
  iframe.setAttribute("sandbox", "allow-same-origin");
  Object.assign(iframe.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` });
  const glass = make("div", { className: "glass" }, iframe);
  Object.assign(glass.style, { width: `${width * scale}px`, height: `${height * scale}px` });
  const body = make("div", { className: `device ${device}` }, glass);
  const made = { pages: new Pages(iframe, DEVICES[device], theme), body, scale };
  made.figure = make("figure", {}, make("figcaption", {}, caption), body);
  return made;
}

// The frames of the view, anew: their size depends on the window.
function build() {
  const { view, device } = chosen();
  const room = { width: stage.clientWidth - 80, height: stage.clientHeight - 60 };
  stage.className = view;
  if (view === "themes") {
    const small = { width: 220, height: Math.max(300, room.height / 2 - 30) };
    frames = state.themes.map(({ name }) => frame("phone", name, name, small));
    stage.replaceChildren(...frames.map(withCover));
  } else if (view === "sizes") {
    const small = { width: room.width, height: Math.max(320, room.height / 2 - 30) };
    frames = Object.entries(DEVICES).map(([each, { name }]) => frame(each, "-", name, small));
    stage.replaceChildren(...frames.map((each) => each.figure));
  } else {
    frames = [frame(device, "-", DEVICES[device].name, room)];
    stage.replaceChildren(frames[0].figure);
  }
  $("device").disabled = view !== "pages";
}

function withCover(each) {
  const { height } = each.body.firstChild.style;
  const cover = make("img", { className: "cover", alt: `The cover in ${each.pages.theme}` });
  cover.style.height = height;
  each.cover = cover;
  const pair = make("div", { className: "pair" });
  each.body.replaceWith(pair);
  pair.append(cover, each.body);
  return each.figure;
}

// Showing -----------------------------------------------------------------------------------------------------------

// Shows a document in every frame; `then` turns each of them to its page.
async function open(name, then = (pages) => pages.turnTo(1)) {
  if (!state.spine.includes(name)) return;
  const mine = (turn += 1);
  shown = name;
  history.replaceState(null, "", `#${encodeURI(name)}`);
  const laid = settings();
  await Promise.all(
    frames.map(async (each) => {
      if (each.cover) each.cover.src = `/book/${each.pages.theme}/light/cover-picture?${state.version}`;
      if (!(await each.pages.load(name, laid)) || mine !== turn) return;
      listen(each.pages);
      then(each.pages);
    }),
  );
  if (mine !== turn) return;
  kept = null;
  list();
  describe();
  later(audit);
}

// What is shown, as it is now: other settings, other frames, another edition.
async function again({ rebuilt = false } = {}) {
  const spot = frames[0]?.pages.ready ? frames[0].pages.spot() : kept;
  kept = spot;
  if (rebuilt) build();
  await open(shown, (pages) => (spot ? pages.keep(spot) : pages.turnTo(1)));
}

// The lists beside the pages, for another document or edition. What had the focus keeps it.
function list() {
  const focused = document.activeElement.dataset.key;
  panels.markCurrent($("contents"), shown);
  panels.messages($("messages"), state.messages, shown, goToMessage);
  if (focused) [...document.querySelectorAll(".entry")].find((each) => each.dataset.key === focused)?.focus();
}

function describe() {
  const { pages } = frames[0];
  if (!pages.ready) return;
  const title = pages.inner.title || shown;
  $("where").textContent = `${title}: page ${pages.page} of ${pages.count}`;
  if (chosen().view === "pages") mark(frames[0]);
}

function mark({ pages, body, scale }) {
  const found = state.messages
    .filter((each) => each.document === shown && each.words)
    .map((message) => ({ message, range: rangeOf(pages.inner, message.words) }))
    .filter(({ range }) => range && pages.pageOf(range) === pages.page)
    .map(({ message, range }) => ({ message, top: range.getClientRects()[0].top * scale }));
  panels.marks(body, found, (message) => panels.openMessage($("messages"), message));
}

const later = (act) => (window.requestIdleCallback ?? setTimeout)(act);

function audit() {
  const { pages } = frames[0];
  if (!pages.ready || pages.document !== shown) return;
  panels.layoutFaults($("messages"), layoutAudit(pages.inner), turnTo);
}

async function goToMessage(message) {
  if (!message.document) return;
  if (message.document !== shown) await open(message.document);
  if (message.words) for (const { pages } of frames) pages.showWords(message.words);
  describe();
}

// Turning -----------------------------------------------------------------------------------------------------------

function turnTo(page) {
  const [first, ...others] = frames.filter(({ pages }) => pages.ready);
  if (!first) return;
  first.pages.turnTo(page);
  if (others.length) {
    const spot = first.pages.spot();
    for (const { pages } of others) pages.keep(spot);
  }
  describe();
}

async function turnBy(step) {
  if (!frames[0]?.pages.ready) return undefined;
  const { pages } = frames[0];
  const page = pages.page + step;
  if (page >= 1 && page <= pages.count) return turnTo(page);
  const next = state.spine[state.spine.indexOf(shown) + step];
  return next && open(next, (each) => each.turnTo(step > 0 ? 1 : Infinity));
}

const KEYS = {
  ArrowRight: () => turnBy(state.direction === "rtl" ? -1 : 1),
  ArrowLeft: () => turnBy(state.direction === "rtl" ? 1 : -1),
  PageDown: () => turnBy(1),
  PageUp: () => turnBy(-1),
  Home: () => turnTo(1),
  End: () => turnTo(Infinity),
};

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.("select, input")) return;
  const act = KEYS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

// A link of the book is followed within it; others lead nowhere here.
function onClick(event) {
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  event.preventDefault();
  const prefix = /^\/book\/[^/]+\/[^/]+\//.exec(link.pathname)?.[0];
  if (link.origin !== location.origin || !prefix) return;
  open(decodeURIComponent(link.pathname.slice(prefix.length)), (pages) => {
    pages.turnTo(1);
    pages.goTo(decodeURIComponent(link.hash.slice(1)));
  });
}

function listen({ inner }) {
  if (inner.listened) return;
  inner.listened = true;
  inner.addEventListener("keydown", onKey);
  inner.addEventListener("click", onClick);
}

// The book ----------------------------------------------------------------------------------------------------------

async function renew() {
  const before = state;
  state = await (await fetch("/state")).json();
  document.title = `${state.title || "Preview"} – preview`;
  $("title").textContent = state.title || "Preview";
  tellStatus();
  if (!state.spine.length) {
    panels.messages($("messages"), state.messages, null, () => {});
    return;
  }
  if (before.stamps["nav.xhtml"] !== state.stamps["nav.xhtml"])
    await panels.contents($("contents"), "/book/-/light/nav.xhtml", coverPage(), (name, id) =>
      open(name, (pages) => {
        pages.turnTo(1);
        pages.goTo(id);
      }),
    );
  if (!frames.length) {
    if (!before.view) $("view").value = state.view;
    build();
  }
  if (!state.spine.includes(shown)) {
    const asked = decodeURI(location.hash.slice(1));
    shown = state.spine.includes(asked) ? asked : state.spine[0];
  }
  await again();
}

const coverPage = () => (state.spine[0] === "cover.xhtml" ? state.spine[0] : "");

function tellStatus() {
  const count = (kind) => state.messages.filter((each) => each.severity === kind).length;
  const [errors, warnings] = [count("error"), count("warning")];
  const counted = `${errors} error${errors === 1 ? "" : "s"}, ${warnings} warning${warnings === 1 ? "" : "s"}.`;
  const older = state.spine.length ? "The pages are those of before." : "There are no pages yet.";
  $("status").textContent = state.whole ? counted : `${counted} The book can’t be built. ${older}`;
}

const titleOf = (name) =>
  $("contents").querySelector(`[data-document="${CSS.escape(name)}"]`)?.textContent ?? name.replace(/\.xhtml$/, "");

function begin() {
  for (const each of CHOICES) {
    $(each).addEventListener("change", () => again({ rebuilt: each === "view" || each === "device" }));
  }
  for (const form of [$("settings"), $("search")]) form.addEventListener("submit", (event) => event.preventDefault());
  const find = () =>
    panels.search($("words"), { found: $("found"), hits: $("hits") }, titleOf, (hit) =>
      open(hit.name, (pages) => pages.showWords(hit.found, hit.number)),
    );
  $("words").addEventListener("input", () => find());
  $("back").addEventListener("click", () => turnBy(-1));
  $("on").addEventListener("click", () => turnBy(1));
  document.addEventListener("keydown", onKey);
  let waiting;
  window.addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => shown && again({ rebuilt: true }), 150);
  });
  let last = Promise.resolve();
  const events = new EventSource("/events");
  events.addEventListener("error", () => ($("status").textContent = "The preview isn’t running any more."));
  events.addEventListener("message", () => {
    last = last.then(renew).catch((error) => ($("status").textContent = `The preview failed: ${error.message}`));
  });
}

begin();
