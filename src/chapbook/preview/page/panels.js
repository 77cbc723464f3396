// What stands beside the pages: contents, search, messages.

const NAMES = { error: "Error", warning: "Warning", note: "Note" };
const MARKS = { error: "!", warning: "?", note: "i" };
const FAULTS = {
  cut: "reaches over the edge of the page",
  overlap: "stands over other text",
  stranded: "is alone at the foot of the page",
  parted: "is on another page than what it is about",
  "lone-head": "has its head alone at the foot of the page",
  "broken-word": "has a word that is broken without a hyphen",
  distorted: "is distorted",
};
const THINGS = {
  table: "A table",
  img: "A picture",
  svg: "A drawing",
  math: "A formula",
  pre: "Code",
  figure: "A figure",
  p: "A paragraph",
};

export function make(tag, properties = {}, ...children) {
  const { dataset, ...plain } = properties;
  const element = Object.assign(document.createElement(tag), plain);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}

// A button in a list, which can be the current one.
export function entry(label, act, data = {}) {
  const button = make("button", { type: "button", className: "entry", dataset: data }, ...[label].flat());
  button.addEventListener("click", () => act(button));
  return button;
}

// The table of contents of the navigation document, as nested lists.
export async function contents(place, address, cover, open) {
  const text = await (await fetch(address)).text();
  const nav = new DOMParser().parseFromString(text, "application/xhtml+xml");
  const toc = [...nav.querySelectorAll("nav")].find((each) => each.getAttribute("epub:type") === "toc");
  const list = (old) =>
    make(
      "ol",
      {},
      ...[...old.children].map((item) => {
        const link = item.querySelector(":scope > a, :scope > span");
        const inner = item.querySelector(":scope > ol");
        const [path, id = ""] = decodeURIComponent(link?.getAttribute("href") ?? "").split("#");
        const head = path
          ? entry(link.textContent.trim(), () => open(path, id), { document: path, id })
          : make("span", {}, link?.textContent.trim() ?? "");
        return make("li", {}, head, ...(inner ? [list(inner)] : []));
      }),
    );
  const found = toc?.querySelector(":scope > ol");
  const first = entry("Cover", () => open(cover), { document: cover });
  place.replaceChildren(...(cover ? [first] : []), ...(found ? [list(found)] : []));
}

export function markCurrent(place, document) {
  for (const each of place.querySelectorAll(".entry")) each.removeAttribute("aria-current");
  const own = [...place.querySelectorAll(".entry")].find((each) => each.dataset.document === document);
  own?.setAttribute("aria-current", "page");
}

// Where the words of the search stand; `titleOf` tells a document's title.
export async function search(input, { found, hits }, titleOf, open) {
  const words = input.value;
  if (!words.trim()) {
    found.textContent = "";
    hits.replaceChildren();
    return;
  }
  const list = await (await fetch(`/search?q=${encodeURIComponent(words)}`)).json();
  if (input.value !== words) return; // more was typed meanwhile
  found.textContent = list.length === 1 ? "1 place" : `${list.length}${list.length === 200 ? " or more" : ""} places`;
  hits.replaceChildren(
    ...list.map((hit) => {
      const around = [`…${hit.before}`, make("mark", {}, hit.found), `${hit.after}…`];
      const label = [...around, make("span", { className: "place" }, ` ${titleOf(hit.name)}`)];
      return make("li", {}, entry(label, () => open(hit)));
    }),
  );
}

// The messages: those of the document that is shown first, each with a button that goes there and opens its lines.
export function messages(place, list, document, act) {
  const opened = place.querySelector("[aria-expanded='true']")?.dataset.key;
  const here = list.filter((each) => each.document === document);
  const others = list.filter((each) => each.document !== document);
  const part = (head, some) => {
    if (!some.length) return [];
    const items = some.map((each) => messageItem(each, act, opened));
    return [make("h3", {}, head), make("ol", {}, ...items)];
  };
  place.replaceChildren(...part("On these pages", here), ...part("Elsewhere in the book", others));
}

const keyOf = (each) => `${each.code} ${each.path}:${each.line} ${each.message}`;

function messageItem(each, act, opened) {
  const where = each.line ? `${each.path}:${each.line}` : each.path;
  const label = [
    make("span", { className: each.severity }, `${NAMES[each.severity]}: ${each.message}`),
    make("span", { className: "place" }, where),
  ];
  const button = entry(label, () => {
    const opens = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(opens));
    detail.hidden = !opens;
    if (opens) act(each);
  }, { key: keyOf(each) });
  const detail = make("div", { className: "detail", hidden: opened !== keyOf(each) }, ...details(each));
  button.setAttribute("aria-expanded", String(!detail.hidden));
  return make("li", {}, button, detail);
}

function details(each) {
  const shown = [];
  if (each.hint) shown.push(make("p", {}, `What to do: ${each.hint}`));
  if (each.lines.length) {
    const lines = each.lines.map((line, at) => {
      const here = each.first + at === each.line;
      return make("span", { className: here ? "here" : "" }, `${each.first + at}  ${line}${here ? "" : "\n"}`);
    });
    shown.push(make("pre", {}, ...lines));
  }
  if (each.edit) shown.push(make("p", {}, make("a", { href: each.edit }, "Open in the editor")));
  shown.push(make("p", { className: "place" }, each.code));
  return shown;
}

// Opens the message in the list, as a click on it does.
export function openMessage(place, each) {
  const button = [...place.querySelectorAll(".entry")].find((one) => one.dataset.key === keyOf(each));
  if (button?.getAttribute("aria-expanded") === "false") button.click();
  button?.focus();
  button?.scrollIntoView({ block: "nearest" });
}

// What the layout audit finds in the size that is shown.
export function layoutFaults(place, findings, turn) {
  place.querySelector(".layout")?.remove();
  if (!findings.length) return;
  const items = findings.map((each) => {
    const tag = /([a-z0-9]+)(?:\.[^ ]*)?$/.exec(each.what)?.[1] ?? "";
    const more = each.kind === "cut" ? ` by ${each.more}` : "";
    const words = each.text ? `: “${each.text}”` : "";
    const said = `${THINGS[tag] ?? "A part"} ${FAULTS[each.kind] ?? each.kind}${more}`;
    const label = [
      make("span", { className: "warning" }, `${said}${words}`),
      make("span", { className: "place" }, `page ${each.page} in this size`),
    ];
    return make("li", {}, entry(label, () => turn(each.page)));
  });
  place.prepend(make("div", { className: "layout" }, make("h3", {}, "In this size"), make("ol", {}, ...items)));
}

// Buttons beside the page, at the height of the words that messages are about.
export function marks(device, shown, act) {
  for (const old of device.querySelectorAll(".mark")) old.remove();
  let lowest = -Infinity;
  for (const { message, top } of shown.sort((one, other) => one.top - other.top)) {
    const at = Math.max(top, lowest + 26);
    lowest = at;
    const button = make("button", { type: "button", className: `mark ${message.severity}` }, MARKS[message.severity]);
    button.style.top = `${at}px`;
    button.setAttribute("aria-label", `${NAMES[message.severity]}: ${message.message}`);
    button.title = message.message;
    button.addEventListener("click", () => act(message));
    device.append(button);
  }
}
