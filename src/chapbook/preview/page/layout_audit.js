// What a reader would see go wrong in a document that is laid out in CSS columns, as reading systems page books.
// Plain JavaScript without dependencies. It defines three functions, each of which takes the document and gives a list
// of findings {kind, what, text, page, more}: `what` says which element, `text` how it begins, `page` counts from 1,
// and `more` says by how much, or beside what.
//
//   layoutAudit(document)           cut, overlap, stranded, parted, lone-head, broken-word, distorted
//   contrastAudit(document)         contrast
//   await pictureAudit(document)    vanishing; the pictures have the document's origin
//
// The document's body or root is the box of columns, of a fixed width and height, and has a page in its first column.
"use strict";

(function define(scope) {
  const SLACK = 2; // pixels, by which borders and rounding may reach over an edge
  const INLINE = /^(inline|ruby|contents|none)/;
  const PICTURES = "img, svg, video, audio";
  const CODE = "pre, code, kbd, samp, tt, .math-inline, math";
  const HEADS = "h1, h2, h3, h4, h5, h6, .title, .label, .alert-label, .code-title, dt, summary";
  const FORCED = /^(page|column|left|right|recto|verso|always|all)$/;
  const LOWEST = { small: 4.5, large: 3 }; // WCAG 2.2, 1.4.3

  function layoutAudit(document) {
    const layout = laidOut(document);
    return [
      ...cut(layout),
      ...overlaps(layout),
      ...stranded(layout),
      ...parted(layout),
      ...loneHeads(layout),
      ...brokenWords(layout),
      ...distorted(layout),
    ];
  }

  // The columns, and all that is seen in them, in order. Lines run from left to right of the page from here on:
  // vertical text is turned.
  function laidOut(document) {
    const view = document.defaultView;
    const styles = new WeakMap();
    const style = (element) => {
      if (!styles.has(element)) styles.set(element, view.getComputedStyle(element));
      return styles.get(element);
    };
    const columns = columnsOf(document, style);
    const layout = { document, style, columns, leaves: [] };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        if (node.data.trim() && !node.parentElement.closest("svg")) add(layout, node, node.parentElement);
      } else if (node.matches(PICTURES) && !node.parentElement.closest("svg")) add(layout, node, node);
    }
    return layout;
  }

  function columnsOf(document, style) {
    const box = [document.body, document.documentElement].find((each) => style(each).columnWidth !== "auto");
    if (!box) throw new Error("the document is not laid out in columns");
    const own = style(box);
    const vertical = own.writingMode.startsWith("vertical");
    const turn = vertical
      ? (rect) => ({ left: rect.top, right: rect.bottom, top: -rect.right, bottom: -rect.left })
      : ({ left, right, top, bottom }) => ({ left, right, top, bottom });
    const scrolled = box === document.body ? [box.scrollLeft, box.scrollTop] : [0, 0];
    const inner = turn(contentOf(box, own, scrolled));
    const wanted = parseFloat(own.columnWidth);
    const gap = parseFloat(own.columnGap) || 0;
    const most = own.columnCount === "auto" ? Infinity : Number(own.columnCount);
    const count = Math.max(1, Math.min(most, Math.floor((inner.right - inner.left + gap) / (wanted + gap))));
    const width = (inner.right - inner.left + gap) / count - gap;
    // Where the root has the columns, the body stands in each of them, with its margins.
    const text = box === document.body ? inner : turn(contentOf(document.body, style(document.body), [0, 0]));
    const left = text.left - inner.left;
    const right = box === document.body ? 0 : inner.left + width - text.right;
    const rtl = !vertical && own.direction === "rtl";
    return {
      turn,
      left: inner.left + left,
      width: width - left - right,
      gap: gap + left + right,
      stride: width + gap,
      top: inner.top,
      bottom: inner.bottom,
      rtl,
    };
  }

  // The first fragment's content box: what is within borders and padding.
  function contentOf(element, own, [x, y]) {
    const rect = element.getClientRects()[0];
    const zoom = element.currentCSSZoom ?? 1;
    const inset = (side) => (parseFloat(own[`padding${side}`]) + parseFloat(own[`border${side}Width`])) * zoom;
    return {
      left: rect.left + inset("Left") + x,
      right: rect.right - inset("Right") + x,
      top: rect.top + inset("Top") + y,
      bottom: rect.bottom - inset("Bottom") + y,
    };
  }

  function add(layout, node, element) {
    if (layout.style(element).visibility === "hidden" || folded(element)) return;
    const block = blockOf(layout, node);
    const text = node !== element;
    const skipped = text ? firstLetter(layout, node, block) : 0;
    const rects = skipped ? rectsOf(layout, node, skipped, node.length) : rectsOf(layout, node);
    if (rects.length) layout.leaves.push({ node, element, block, rects, text, skipped });
  }

  // What a closed <details> holds has a place, too, and isn't shown.
  function folded(element) {
    const closed = element.closest("details:not([open])");
    return closed !== null && element.closest("summary")?.parentElement !== closed;
  }

  // How many characters of a text make a large first letter: browsers tell its place wrongly.
  function firstLetter(layout, node, block) {
    if (!block.textContent.trimStart().startsWith(node.data.trimStart())) return 0;
    const { float, initialLetter = "normal" } = layout.document.defaultView.getComputedStyle(block, "::first-letter");
    if (float === "none" && initialLetter === "normal") return 0;
    return /^\s*\p{P}*\S\p{P}*/u.exec(node.data)[0].length;
  }

  function rectsOf(layout, node, from, to) {
    let boxes = node;
    if (node.nodeType === Node.TEXT_NODE) {
      boxes = layout.document.createRange();
      if (from === undefined) boxes.selectNodeContents(node);
      else {
        boxes.setStart(node, from);
        boxes.setEnd(node, to);
      }
    }
    return [...boxes.getClientRects()].filter((rect) => rect.width > 0.5 && rect.height > 0.5).map(layout.columns.turn);
  }

  // The nearest element that isn't set within a line.
  function blockOf(layout, node) {
    let element = node.parentElement;
    while (element !== layout.document.body) {
      const formula = element.closest("math");
      if (formula) element = formula;
      const display = formula ? (formula.getAttribute("display") ?? "inline") : layout.style(element).display;
      if (!INLINE.test(display)) break;
      element = element.parentElement;
    }
    return element;
  }

  function column({ columns }, rect) {
    const start = columns.rtl ? rect.right - 1 : rect.left;
    return Math.floor((start - columns.left + columns.gap / 2) / columns.stride);
  }

  const pageOf = (layout, rect) => Math.max(1, 1 + (layout.columns.rtl ? -1 : 1) * column(layout, rect));
  const firstPage = (layout, leaf) => pageOf(layout, leaf.rects[0]);
  const lastPage = (layout, leaf) => pageOf(layout, leaf.rects[leaf.rects.length - 1]);

  function finding(kind, element, page, more = "", words = element.textContent) {
    const name = element.getAttribute("class") ?? "";
    const within = element.parentElement?.closest("[class], section, table, figure");
    const outer = within
      ? `${within.localName}${within.className && !within.className.baseVal ? `.${within.className}` : ""} `
      : "";
    const source = element.getAttribute("src") ?? element.getAttribute("alt") ?? "";
    const text = (words.trim().replace(/\s+/g, " ") || source).slice(0, 60);
    return {
      kind,
      what: `${outer}${element.localName}${name && `.${name}`}`.replace(/ (?=\S*$)/, " > "),
      text,
      page,
      more,
    };
  }

  // Lines, pictures, tables and formulas that reach over the edge of their column; what its element clips.
  function cut(layout) {
    const worst = new Map();
    const note = (element, over, page) => {
      if (over > (worst.get(element)?.over ?? SLACK)) worst.set(element, { over, page });
    };
    for (const { node, element, block, rects, text } of layout.leaves) {
      // Spaces at the end of a line of code hang over the edge, unseen.
      const hanging = text && layout.style(element).whiteSpaceCollapse === "preserve";
      for (const rect of hanging ? wordRects(layout, node) : rects) {
        note(
          text ? block : node,
          beyond(layout, rect, text ? 0.25 * (rect.bottom - rect.top) : 0),
          pageOf(layout, rect),
        );
      }
    }
    for (const box of layout.document.querySelectorAll("table, pre, hr")) {
      for (const rect of rectsOf(layout, box)) note(box, beyond(layout, rect, 8), pageOf(layout, rect));
    }
    // A formula's own box may be as wide as the page and its contents wider.
    for (const formula of layout.document.querySelectorAll("math")) {
      const [rect] = rectsOf(layout, formula);
      if (!rect) continue;
      const inner = [...formula.querySelectorAll("*")].flatMap((each) => rectsOf(layout, each));
      const right = Math.max(rect.right, ...inner.map((each) => each.right));
      note(formula, beyond(layout, { ...rect, right }, 0), pageOf(layout, rect));
    }
    for (const block of new Set(layout.leaves.filter((leaf) => leaf.text).map((leaf) => leaf.block))) {
      if (block === layout.document.body || layout.style(block).overflowX === "visible") continue;
      const over = Math.max(block.scrollWidth - block.clientWidth, block.scrollHeight - block.clientHeight);
      note(block, over, firstPage(layout, { rects: rectsOf(layout, block) }));
    }
    const outermost = [...worst].filter(
      ([element]) => ![...worst.keys()].some((other) => other !== element && other.contains(element)),
    );
    return outermost.map(([element, { over, page }]) => finding("cut", element, page, `${Math.round(over)} px`));
  }

  function wordRects(layout, node) {
    return [...node.data.matchAll(/\S+/g)].flatMap(({ 0: word, index }) =>
      rectsOf(layout, node, index, index + word.length),
    );
  }

  // By how many pixels. A line of text is taller than its letters, and a block than its last line: by `trim` pixels.
  function beyond(layout, rect, trim) {
    const { columns } = layout;
    const left = columns.left + column(layout, rect) * columns.stride;
    return Math.max(
      left - rect.left,
      rect.right - left - columns.width,
      rect.bottom - trim - columns.bottom,
      columns.top - rect.top - trim,
    );
  }

  // Words of one block over words or pictures of another.
  function overlaps(layout) {
    const pages = new Map();
    for (const leaf of layout.leaves) {
      for (const piece of pieces(layout, leaf)) {
        const last = column(layout, { left: piece.right - 1, right: piece.right });
        for (let each = column(layout, { left: piece.left, right: piece.left + 1 }); each <= last; each += 1) {
          if (!pages.has(each)) pages.set(each, []);
          pages.get(each).push(piece);
        }
      }
    }
    const found = new Map();
    for (const [each, shown] of pages) {
      const page = 1 + (layout.columns.rtl ? -each : each);
      shown.sort((one, other) => one.top - other.top);
      for (const [index, one] of shown.entries()) {
        for (let next = index + 1; next < shown.length && shown[next].top < one.bottom - 3; next += 1) {
          const other = shown[next];
          if (one.owner === other.owner || Math.min(one.right, other.right) - Math.max(one.left, other.left) < 3)
            continue;
          // A table that stands over the text is one finding, whatever the number of its cells.
          const [thing, below] = [one, other].map(({ thing }) => thing.closest("table") ?? thing);
          if (found.has(thing) || found.has(below)) continue;
          found.set(
            thing,
            finding("overlap", thing, page, `${one.words.trim().slice(0, 40)} over ${other.words.trim().slice(0, 40)}`),
          );
        }
      }
    }
    return [...found.values()];
  }

  // The middle of each line, and all of a picture.
  function pieces(layout, { node, element, block, rects, text }) {
    if (!text)
      return rects.map((rect) => ({ ...rect, owner: node, thing: element, words: element.getAttribute("alt") ?? "" }));
    return rects.map((rect) => {
      const trim = (rect.bottom - rect.top) * 0.28;
      return {
        ...rect,
        top: rect.top + trim,
        bottom: rect.bottom - trim,
        owner: block,
        thing: block,
        words: node.data,
      };
    });
  }

  // Headings, labels and terms at the foot of a page whose text begins on the next.
  function stranded(layout) {
    const found = [];
    for (const [index, leaf] of layout.leaves.slice(0, -1).entries()) {
      const head = leaf.element.closest(HEADS);
      const next = layout.leaves[index + 1];
      if (!head || head.contains(next.node) || head.closest("nav, figure, td, th, details:not([open])")) continue;
      const page = lastPage(layout, leaf);
      if (firstPage(layout, next) <= page || forced(layout, head, next.element)) continue;
      // Headings alone on a page, before a picture that fills the next: no break above them would help.
      if (!next.element.closest(HEADS) && beginsPage(layout, index, page)) continue;
      const kind = next.element.closest(".title") ? "parted" : "stranded";
      found.push(finding(kind, head, page, `before ${(next.node.data ?? next.element.localName).trim().slice(0, 40)}`));
    }
    return found;
  }

  // Whether nothing but headings stands above on the page.
  function beginsPage(layout, index, page) {
    for (let at = index; at >= 0; at -= 1) {
      const leaf = layout.leaves[at];
      if (lastPage(layout, leaf) < page) return true;
      if (!leaf.element.closest(`${HEADS}, .opening`)) return false;
    }
    return true;
  }

  function forced(layout, before, after) {
    for (let each = after; each && !each.contains(before); each = each.parentElement) {
      if (FORCED.test(layout.style(each).breakBefore)) return true;
    }
    for (let each = before; each && !each.contains(after); each = each.parentElement) {
      if (FORCED.test(layout.style(each).breakAfter)) return true;
    }
    return false;
  }

  // Captions on another page than what they are about: its nearest line or picture.
  function parted(layout) {
    const found = [];
    for (const caption of layout.document.querySelectorAll("figcaption, caption")) {
      const within = layout.leaves.filter((leaf) => caption.parentElement.contains(leaf.node));
      const own = within.filter((leaf) => caption.contains(leaf.node));
      const others = within.filter((leaf) => !caption.contains(leaf.node));
      if (!own.length || !others.length) continue;
      const above = layout.style(caption).captionSide !== "bottom" && within[0] === own[0];
      const last = within.indexOf(own[own.length - 1]);
      const beside = above
        ? firstPage(layout, within[last + 1] ?? others[0])
        : lastPage(layout, others[others.length - 1]);
      const page = above ? lastPage(layout, own[own.length - 1]) : firstPage(layout, own[0]);
      if (beside !== page) found.push(finding("parted", caption, page, `from page ${beside}`));
    }
    return found;
  }

  function loneHeads(layout) {
    const found = [];
    for (const head of layout.document.querySelectorAll("thead")) {
      const table = head.closest("table");
      const within = layout.leaves.filter((leaf) => leaf.element.closest("table") === table);
      const own = within.filter((leaf) => head.contains(leaf.node));
      const next = within.find((leaf) => leaf.element.closest("tbody, tfoot"));
      if (!own.length || !next) continue;
      const page = Math.max(...own.map((leaf) => firstPage(layout, leaf)));
      if (firstPage(layout, next) > page) found.push(finding("lone-head", head, page));
    }
    return found;
  }

  // Words that go on in the next line where their language has no break and no hyphen is shown.
  function brokenWords(layout) {
    const found = [];
    for (const { node, element, rects, text, skipped } of layout.leaves) {
      if (!text || rects.length < 2 || element.closest(CODE)) continue;
      for (const { 0: word, index } of node.data.matchAll(/[^\s\u200b]{2,}/g)) {
        const shown = rectsOf(layout, node, index, index + word.length);
        if (shown.length < 2 || index < skipped) continue;
        if (inAddress(node, index)) continue;
        const allowed = breaks(layout, element, word);
        const wrong = lineStarts(layout, node, index, word.length).find((at) => !allowed.has(at));
        if (wrong === undefined) continue;
        found.push(
          finding("broken-word", element, pageOf(layout, shown[0]), `${word.slice(0, wrong)}|${word.slice(wrong)}`),
        );
      }
    }
    return found;
  }

  // Whether a word is a part of an address that has breaks of its own: <wbr/> stands between its parts.
  function inAddress(node, index) {
    const parts = [node];
    const joins = (each) => each && (each.nodeType === Node.TEXT_NODE || each.localName === "wbr");
    for (let each = node.previousSibling; joins(each); each = each.previousSibling) parts.unshift(each);
    for (let each = node.nextSibling; joins(each); each = each.nextSibling) parts.push(each);
    const at = index + parts.slice(0, parts.indexOf(node)).reduce((sum, each) => sum + each.textContent.length, 0);
    const words = parts.map((each) => each.textContent).join("");
    const [word] = [...words.matchAll(/\S+/g)].filter((each) => each.index <= at).slice(-1);
    return parts.some((each) => each.localName === "wbr") && /:\/\/|^www\.|@|\w\/\w/.test(word[0]);
  }

  // After how many letters of a word another line begins.
  function lineStarts(layout, node, index, length) {
    const starts = [];
    let line;
    for (let at = 0; at < length; at += 1) {
      const [rect] = rectsOf(layout, node, index + at, index + at + 1);
      if (!rect) continue;
      const other =
        line && (column(layout, rect) !== column(layout, line) || (rect.top + rect.bottom) / 2 > line.bottom);
      if (other) starts.push(at);
      if (!line || other) line = rect;
    }
    return starts;
  }

  // Where the browser would break the word if it may only do so rightly: in the narrowest column.
  function breaks(layout, element, word) {
    const probe = layout.document.createElementNS("http://www.w3.org/1999/xhtml", "span");
    probe.textContent = word;
    probe.style.cssText = `position: absolute; left: 0; top: 0; inline-size: 0; overflow-wrap: normal; word-break: normal;
      white-space: normal; text-indent: 0; float: none`;
    element.append(probe);
    const starts = lineStarts(
      { ...layout, columns: { ...layout.columns, stride: 1e9 } },
      probe.firstChild,
      0,
      word.length,
    );
    probe.remove();
    return new Set(starts);
  }

  // Pictures out of their proportions, unless the author gave the proportions.
  function distorted(layout) {
    return layout.leaves
      .filter(({ element }) => element.localName === "img" && element.naturalWidth > 0)
      .flatMap((leaf) => {
        const { element } = leaf;
        const [width, height] = [element.clientWidth, element.clientHeight];
        const natural = element.naturalWidth / element.naturalHeight;
        const asked = element.getAttribute("width") / element.getAttribute("height");
        const off = (ratio) => Math.abs(width / height / ratio - 1) > 0.08;
        if (
          width < 12 ||
          height < 12 ||
          layout.style(element).objectFit !== "fill" ||
          !off(natural) ||
          (asked && !off(asked))
        )
          return [];
        return [
          finding(
            "distorted",
            element,
            firstPage(layout, leaf),
            `${width}×${height} of ${element.naturalWidth}×${element.naturalHeight}`,
          ),
        ];
      });
  }

  // Colours, as [red, green, blue, alpha] from 0 to 1.
  function painter() {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const known = new Map();
    return (colour) => {
      if (!known.has(colour)) {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        known.set(
          colour,
          [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255),
        );
      }
      return known.get(colour);
    };
  }

  const over = (top, [red, green, blue], alpha = top[3]) =>
    [red, green, blue].map((part, index) => top[index] * alpha + part * (1 - alpha)).concat(1);

  function luminance(colour) {
    const [red, green, blue] = colour.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function ratio(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  // The colour behind an element's text: all grounds from the page upward, and gradients of a single colour.
  function ground(layout, paint, element) {
    const layers = [];
    for (let each = element; each; each = each.parentElement) {
      const { backgroundColor, backgroundImage } = layout.style(each);
      const [, plain] = /^linear-gradient\((rgba?\([^)]*\)), \1\)$/.exec(backgroundImage) ?? [];
      if (plain) layers.push(paint(plain));
      layers.push(paint(backgroundColor));
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [1, 1, 1, 1]);
  }

  function opacity(layout, element) {
    let all = 1;
    for (let each = element; each; each = each.parentElement) all *= Number(layout.style(each).opacity);
    return all;
  }

  function contrastAudit(document) {
    const layout = laidOut(document);
    const paint = painter();
    const found = new Map();
    for (const leaf of layout.leaves.filter((each) => each.text)) {
      const style = layout.style(leaf.element);
      const behind = ground(layout, paint, leaf.element);
      const colour = paint(style.webkitTextFillColor ?? style.color); // the second unless another is set
      const seen = ratio(over(colour, behind, colour[3] * opacity(layout, leaf.element)), behind);
      const size = parseFloat(style.fontSize);
      const lowest = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? LOWEST.large : LOWEST.small;
      if (seen >= lowest - 0.005) continue;
      const more = `${seen.toFixed(2)} of ${lowest}: ${style.webkitTextFillColor ?? style.color}, ${Math.round(size)} px`;
      const each = finding("contrast", leaf.element, firstPage(layout, leaf), more, leaf.node.data);
      const key = each.what + more;
      if (!found.has(key)) found.set(key, each);
    }
    return [...found.values()];
  }

  // Pictures with transparency whose strokes are as dark as the page behind them: measured in pixels.
  async function pictureAudit(document) {
    const layout = laidOut(document);
    const paint = painter();
    const found = [];
    for (const leaf of layout.leaves.filter(({ element }) => element.matches("img, svg"))) {
      const behind = ground(layout, paint, leaf.element);
      const lost = await lostPart(layout, leaf.element, behind);
      if (lost > 0.2)
        found.push(
          finding("vanishing", leaf.element, firstPage(layout, leaf), `${Math.round(lost * 100)} % of its strokes`),
        );
    }
    return found;
  }

  // How much of what stands out on white is lost on the ground that is there: from 0 to 1.
  async function lostPart(layout, element, behind) {
    const picture = await decoded(layout, element);
    if (!picture?.naturalWidth) return 0;
    const scale = Math.min(1, 200 / Math.max(picture.naturalWidth, picture.naturalHeight));
    const [width, height] = [picture.naturalWidth, picture.naturalHeight].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    const canvas = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    canvas.drawImage(picture, 0, 0, width, height);
    const { data } = canvas.getImageData(0, 0, width, height);
    let [clear, strokes, lost] = [0, 0, 0];
    for (let at = 0; at < data.length; at += 4) {
      const alpha = data[at + 3] / 255;
      if (alpha < 0.5) clear += 1;
      if (alpha < 0.5) continue;
      const colour = [data[at] / 255, data[at + 1] / 255, data[at + 2] / 255, alpha];
      if (ratio(colour, [1, 1, 1]) < 3) continue;
      strokes += 1;
      if (ratio(over(colour, behind), behind) < 1.6) lost += 1;
    }
    return strokes && clear > (width * height) / 20 ? lost / strokes : 0;
  }

  async function decoded(layout, element) {
    if (element.localName === "img") return element;
    const { width, height } = element.getBoundingClientRect();
    const copy = element.cloneNode(true);
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    copy.style.color = layout.style(element).color;
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await picture.decode().catch(() => {});
    return picture;
  }

  Object.assign(scope, { layoutAudit, contrastAudit, pictureAudit });
})(globalThis);
