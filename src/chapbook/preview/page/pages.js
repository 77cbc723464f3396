// One document in one frame, laid out in columns as epub.js and most reading systems do, and turned by the page.

const GUTTER = 20; // pixels at each side of a page
const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, pre, figure, tr, dt, dd, math, hr, img, svg";
const PAINTS = {
  light: { page: "", text: "", scheme: "light" },
  dark: { page: "#121212", text: "#e6e3dc", scheme: "dark" },
  sepia: { page: "#f4ecd8", text: "#433422", scheme: "light" },
  black: { page: "#000000", text: "#ffffff", scheme: "light" },
};

export const DEVICES = {
  phone: { name: "Phone", width: 390, height: 844, columns: 1 },
  eink: { name: "E-ink reader", width: 600, height: 800, columns: 1 },
  tablet: { name: "Tablet", width: 820, height: 1180, columns: 1 },
  spread: { name: "Tablet, two pages", width: 1180, height: 820, columns: 2 },
};

// The text of a document with white space as one blank, and where each of its characters stands.
export function plain(root) {
  const places = [];
  let text = "";
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.length; at += 1) {
      const letter = /\s/.test(node.data[at]) ? " " : node.data[at];
      if (letter === "\u00ad" || (letter === " " && text.endsWith(" "))) continue;
      text += letter;
      places.push([node, at]);
    }
  }
  return { text, places };
}

// The so many-th place of `words` in a document, as a range.
export function rangeOf(inner, words, number = 0) {
  const { text, places } = plain(inner.body);
  const wanted = words.trim().replace(/\s+/g, " ").replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const found = wanted ? [...text.matchAll(new RegExp(wanted, "giu"))][number] : undefined;
  if (!found) return null;
  const range = inner.createRange();
  const [last, end] = places[found.index + found[0].length - 1];
  range.setStart(...places[found.index]);
  range.setEnd(last, end + 1);
  return range;
}

export class Pages {
  constructor(frame, device, theme) {
    this.frame = frame;
    this.device = device;
    this.theme = theme;
    this.document = "";
    this.page = 1;
    this.count = 1;
    this.on = 0; // by how many pixels the page is turned
    this.ready = false; // whether what is shown is laid out
  }

  get inner() {
    return this.frame.contentDocument;
  }

  // Shows a document; resolves when it is laid out. A later call takes the place of one that is under way.
  async load(document, settings) {
    const path = document.split("/").map(encodeURIComponent).join("/");
    const place = `/book/${this.theme}/${settings.look}/${path}?${settings.others}`;
    const address = `${place}-${settings.own}`;
    this.document = document;
    if (this.address !== address) {
      const swaps = this.ready && this.place === place;
      [this.address, this.place, this.ready] = [address, place, false];
      await (swaps ? this.swapped(address) : this.loaded(address));
      if (this.address !== address) return false;
      await Promise.race([this.inner.fonts?.ready, new Promise((resolve) => setTimeout(resolve, 400))]);
    }
    this.arrange(settings);
    return true;
  }

  // Puts a new text of the same document in the place of the old one: its sheets and pictures stay.
  async swapped(address) {
    const text = await (await fetch(address)).text();
    const fresh = new DOMParser().parseFromString(text, "application/xhtml+xml");
    if (this.address !== address) return;
    if (!fresh.body || aroundOf(fresh) !== aroundOf(this.inner)) {
      await this.loaded(address);
      return;
    }
    this.inner.title = fresh.title;
    this.inner.body.replaceWith(this.inner.adoptNode(fresh.body));
  }

  // Goes to an address, and resolves when that, or a later one, is there: not when the one before it is.
  loaded(address) {
    return new Promise((resolve) => {
      const done = () => {
        if (this.address === address && !this.frame.contentWindow.location.href.endsWith(address)) return;
        this.frame.removeEventListener("load", done);
        resolve();
      };
      this.frame.addEventListener("load", done);
      this.frame.contentWindow.location.replace(address);
    });
  }

  arrange({ look, type, font }) {
    const { inner } = this;
    const { width, height, columns } = this.device;
    const root = inner.documentElement;
    const vertical = inner.defaultView.getComputedStyle(root).writingMode.startsWith("vertical");
    const column = vertical ? height : width / columns - 2 * GUTTER;
    root.style.cssText = "overflow: hidden";
    inner.body.style.cssText = `width: ${width}px; height: ${height}px; overflow: visible; margin: 0 !important;
      padding: ${GUTTER}px !important; box-sizing: border-box; max-width: inherit; column-fill: auto;
      column-gap: ${2 * GUTTER}px; column-width: ${column}px; font-size: ${type}%`;
    inner.querySelector("style.reader")?.remove();
    const sheet = inner.createElementNS("http://www.w3.org/1999/xhtml", "style");
    sheet.className = "reader";
    sheet.textContent = painted(PAINTS[look]) + lettered(font);
    inner.head.append(sheet);
    const style = inner.defaultView.getComputedStyle(root);
    this.vertical = vertical;
    this.backwards = !vertical && style.direction === "rtl";
    this.stride = vertical ? height : width;
    const long = vertical ? root.scrollHeight : Math.max(root.scrollWidth, inner.body.scrollWidth);
    this.count = Math.max(1, Math.round(long / this.stride));
    this.ready = true;
    this.turnTo(this.page);
  }

  turnTo(page) {
    this.page = Math.min(Math.max(1, page), this.count);
    this.on = (this.page - 1) * this.stride * (this.backwards ? -1 : 1);
    // Moved, not scrolled: a document can't be scrolled beyond its last line to the edge of its last page.
    this.inner.body.style.transform = this.vertical ? `translateY(${-this.on}px)` : `translateX(${-this.on}px)`;
  }

  // The page on which a box of the document begins, or with `end` ends.
  pageOf(box, end = false) {
    const rects = box.getClientRects();
    const rect = rects[end ? rects.length - 1 : 0];
    if (!rect) return 0;
    if (this.vertical) return 1 + Math.floor((rect.top + 1 + this.on) / this.stride);
    if (this.backwards) return 1 + Math.floor((this.device.width - rect.right + 1 - this.on) / this.stride);
    return 1 + Math.floor((rect.left + 1 + this.on) / this.stride);
  }

  // What stands at the top of the page: the nearest id before it, how many blocks after that, and its words.
  spot() {
    let id = "";
    let after = 0;
    for (const each of this.inner.body.querySelectorAll(`[id], ${BLOCKS}`)) {
      if (each.id) [id, after] = [each.id, 0];
      if (!each.matches(BLOCKS)) continue;
      after += 1;
      if (this.pageOf(each, true) < this.page) continue;
      return { id, after, words: wordsOf(each), ahead: Math.max(0, this.page - this.pageOf(each)), page: this.page };
    }
    return { id, after, words: "", ahead: 0, page: this.page };
  }

  // Turns to where a spot of this document, or of an older or otherwise laid out one, stands now.
  keep(spot) {
    const start = spot.id ? this.inner.getElementById(spot.id) : this.inner.body;
    const blocks = [...this.inner.body.querySelectorAll(BLOCKS)];
    const following = start
      ? blocks.filter((each) => each === start || start.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)
      : blocks;
    const same = following.flatMap((each, at) => (spot.words && wordsOf(each) === spot.words ? [at] : []));
    const nearest = same.sort((one, other) => Math.abs(one - spot.after + 1) - Math.abs(other - spot.after + 1))[0];
    const found = following[nearest ?? spot.after - 1];
    const page = found ? this.pageOf(found) : 0;
    if (page) this.turnTo(Math.min(page + spot.ahead, Math.max(page, this.pageOf(found, true))));
    else this.turnTo(spot.page);
  }

  // Turns to a fragment of the document.
  goTo(id) {
    const target = id && this.inner.getElementById(id);
    if (target) this.turnTo(this.pageOf(target) || this.page);
  }

  // Turns to words, and marks them.
  showWords(words, number) {
    const range = rangeOf(this.inner, words, number);
    if (!range) return;
    this.turnTo(this.pageOf(range));
    const selection = this.inner.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
}

// What of a document stands outside its body, but for its title: language, direction, sheets.
function aroundOf({ documentElement: root }) {
  const said = [...root.attributes].filter((each) => each.name !== "style").map((each) => `${each.name}=${each.value}`);
  return [...said, ...[...root.querySelectorAll("link")].map((each) => each.getAttribute("href"))].join(" ");
}

const wordsOf = (element) => (element.textContent.trim() || element.getAttribute("src") || "").slice(0, 400);

function painted({ page, text, scheme }) {
  const colours = page ? `background-color: ${page} !important; color: ${text} !important;` : "background: #ffffff;";
  return `html, body { ${colours} } html { color-scheme: ${scheme} !important }
    ::selection { background: #ffd54a !important; color: #000000 !important }\n`;
}

const lettered = (font) =>
  font ? `body, body *:not(code, pre, kbd, samp, code *, math, math *) { font-family: ${font} !important }` : "";
