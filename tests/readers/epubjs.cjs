// One EPUB file in epub.js, in a browser, as a reader would use it. Given a folder of Node's modules, the path of the
// file, and what to try as JSON: {"contents": [href], "note": {"chapter", "reference", "note", "back"},
// "link": {"chapter", "selector"}, "colours": {"chapter", "selector"}}, places being paths from the package
// document. Writes one JSON object of what was seen.
"use strict";

const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [modules, book, plan] = process.argv.slice(2);
const load = createRequire(join(modules, "none.cjs"));
const puppeteer = load("puppeteer");
const SECONDS = 30; // for any one step
const SIZE = { width: 600, height: 800 };

const FILES = {
  "/": [join(__dirname, "reader.html"), "text/html"],
  "/epub.js": [join(modules, "epubjs/dist/epub.min.js"), "text/javascript"],
  "/audit.js": [join(__dirname, "../../src/chapbook/preview/page/layout_audit.js"), "text/javascript"],
  "/jszip.js": [join(modules, "jszip/dist/jszip.min.js"), "text/javascript"],
  "/book.epub": [book, "application/epub+zip"],
};

function serve() {
  const server = createServer((request, response) => {
    const [path, type] = FILES[request.url] ?? [];
    response.writeHead(path ? 200 : 404, { "content-type": type ?? "text/plain" });
    response.end(path ? readFileSync(path) : "");
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

// What runs in the page. `reader` stands there for all the steps that follow.
async function open() {
  const book = ePub("/book.epub");
  await book.ready;
  const rendition = book.renderTo("page", { width: 600, height: 800, flow: "paginated", spread: "none" });
  const frame = () => document.querySelector("#page iframe");
  const place = () => {
    const { start, end } = rendition.currentLocation();
    return { href: start.href, page: start.displayed.page, pages: start.displayed.total, last: end.href };
  };
  const settled = () => new Promise((resolve) => setTimeout(resolve, 60));
  window.reader = {
    book,
    rendition,
    place,
    find: (selector, nth = 0) => frame().contentDocument.querySelectorAll(selector)[nth],
    byId: (id) => frame().contentDocument.getElementById(id),
    async show(href) {
      await rendition.display(href);
      await settled();
      return place();
    },
    async turn(way) {
      await rendition[way]();
      await settled();
      return place();
    },
    // What the layout audit finds in the document that is shown.
    audit: () => layoutAudit(frame().contentDocument),
    // Where in the window the middle of an element is, or nothing when it is on another page.
    middle(element) {
      const outer = frame().getBoundingClientRect();
      const inner = element.getClientRects()[0];
      const at = { x: outer.left + inner.left + inner.width / 2, y: outer.top + inner.top + inner.height / 2 };
      return at.x >= 0 && at.x <= 600 && at.y >= 0 && at.y <= 800 ? at : null;
    },
  };
  const entries = (list) =>
    list.map(({ label, href, subitems }) => ({ label: label.trim(), href, below: entries(subitems) }));
  const { title, creator, language, publisher, identifier, pubdate, modified_date, direction } =
    book.packaging.metadata;
  const cover = new Image();
  cover.src = await book.coverUrl();
  await cover.decode();
  return {
    metadata: { title, creator, language, publisher, identifier, pubdate, modified_date, direction },
    spine: book.spine.spineItems.map((item) => item.href),
    contents: entries(book.navigation.toc),
    landmarks: book.navigation.landmarks.map(({ type, label, href }) => ({ type, label: label.trim(), href })),
    cover: [cover.naturalWidth, cover.naturalHeight],
  };
}

async function click(page, find, ...where) {
  const handle = await page.evaluateHandle((name, ...args) => reader[name](...args), find, ...where);
  const at = await page.evaluate((element) => reader.middle(element), handle);
  if (!at) throw new Error(`${find} ${where.join(" ")} is not on the page that is shown`);
  const moved = page.evaluate(() =>
    new Promise((resolve) => reader.rendition.once("relocated", resolve)).then(() => 1),
  );
  await page.mouse.click(at.x, at.y);
  await moved;
  await new Promise((resolve) => setTimeout(resolve, 100));
  return page.evaluate(() => reader.place());
}

const isShown = (page, id) => page.evaluate((each) => Boolean(reader.middle(reader.byId(each))), id);
const show = (page, href) => page.evaluate((each) => reader.show(each), href);

async function read(page, { contents, note, link, colours }) {
  const seen = await page.evaluate(open);
  seen.opened = await page.evaluate(() => reader.show());
  seen.coverShown = await page.evaluate(() => reader.find("img").naturalWidth > 0);

  seen.forward = [];
  for (let turn = 0; turn < 25; turn += 1) seen.forward.push(await page.evaluate(() => reader.turn("next")));
  seen.backward = [];
  for (let turn = 0; turn < 5; turn += 1) seen.backward.push(await page.evaluate(() => reader.turn("prev")));

  seen.jumps = [];
  for (const href of contents) {
    const id = decodeURIComponent(href.split("#")[1] ?? "");
    const place = await show(page, href);
    seen.jumps.push({ ...place, shown: !id || (await isShown(page, id)) });
  }

  await show(page, `${note.chapter}#${note.reference}`);
  seen.note = { ...(await click(page, "byId", note.reference)), shown: await isShown(page, note.note) };
  seen.back = { ...(await click(page, "find", note.back)), shown: await isShown(page, note.reference) };

  await show(page, link.chapter);
  while (!(await page.evaluate((selector) => reader.middle(reader.find(selector)), link.selector))) {
    await page.evaluate(() => reader.turn("next"));
  }
  seen.link = await click(page, "find", link.selector);

  // On the page of a phone.
  seen.audit = [];
  await page.evaluate(() => reader.rendition.resize(390, 800));
  for (const href of seen.spine) {
    await show(page, href);
    const found = await page.evaluate(() => reader.audit());
    seen.audit.push(
      ...found.map(({ kind, what, text, page: at, more }) => `${href} p. ${at} ${kind}: ${what} “${text}” ${more}`),
    );
  }
  await page.evaluate(() => reader.rendition.resize(600, 800));

  seen.colours = {};
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await show(page, colours.chapter);
    // A reading app that shows a dark page writes light letters on it.
    const letters = scheme === "dark" ? "#eee" : "#111";
    seen.colours[scheme] = await page.evaluate(
      (each, colour) => {
        const element = reader.find(each);
        element.ownerDocument.body.style.color = colour;
        return getComputedStyle(element).webkitTextFillColor;
      },
      colours.selector,
      letters,
    );
  }
  return seen;
}

async function main() {
  const server = await serve();
  const browser = await puppeteer.launch({
    args: ["--no-sandbox", "--disable-setuid-sandbox"],
    defaultViewport: SIZE,
    protocolTimeout: SECONDS * 1000,
  });
  try {
    const page = await browser.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("requestfailed", (request) => errors.push(`${request.url()} ${request.failure()?.errorText}`));
    const origin = `http://127.0.0.1:${server.address().port}`;
    page.on("request", (request) => {
      if (!/^(blob:|data:|about:)/.test(request.url()) && !request.url().startsWith(origin)) errors.push(request.url());
    });
    await page.goto(origin);
    const seen = await read(page, JSON.parse(plan));
    process.stdout.write(`${JSON.stringify({ ...seen, errors })}\n`);
  } finally {
    await browser.close();
    server.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
