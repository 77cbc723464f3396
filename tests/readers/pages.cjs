// Books as a phone shows them, each document as one long page. Given a folder of Node's modules, the folders of
// unpacked books, and last as JSON what to look at: [{"file", "selector", "property"}]. Writes one line of JSON a
// book: {"wide": what is wider than the page, "looks": the value of each property}.
"use strict";

const { readdirSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const [modules, ...rest] = process.argv.slice(2);
const looks = JSON.parse(rest.pop());
const puppeteer = createRequire(join(modules, "none.cjs"))("puppeteer");
const SECONDS = 30; // for any one step
const PHONE = { width: 375, height: 667 };

// What runs in the page: texts and elements that reach over its edge, formulas apart, which cannot be broken.
function tooWide() {
  const width = document.documentElement.clientWidth;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (element.closest("math, [hidden]")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = node === element ? [node.getBoundingClientRect()] : [...range.getClientRects()];
    if (boxes.some((box) => box.width && (box.left < -1 || box.right > width + 1))) {
      found.push(`${element.tagName}.${element.getAttribute("class") ?? ""}: ${node.textContent.trim().slice(0, 40)}`);
    }
  }
  return found;
}

async function seen(page, folder) {
  const wide = [];
  const shown = [];
  const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".xhtml"));
  for (const file of files.sort()) {
    await page.goto(pathToFileURL(join(folder, file)).href);
    wide.push(...(await page.evaluate(tooWide)).map((each) => `${file}: ${each}`));
    for (const [index, look] of looks.entries()) {
      if (look.file !== file) continue;
      shown[index] = await page.evaluate(
        ({ selector, property }) => getComputedStyle(document.querySelector(selector)).getPropertyValue(property),
        look,
      );
    }
  }
  return { wide, looks: shown };
}

async function main() {
  const browser = await puppeteer.launch({
    args: ["--no-sandbox", "--disable-setuid-sandbox"],
    defaultViewport: PHONE,
    protocolTimeout: SECONDS * 1000,
  });
  try {
    const page = await browser.newPage();
    for (const folder of rest) process.stdout.write(`${JSON.stringify(await seen(page, folder))}\n`);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
