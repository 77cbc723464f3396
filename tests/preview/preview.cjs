// The preview in a real browser, as its user has it: given the folder of Node's modules, the address that was printed
// and the folder of the book. Writes one line of JSON: what was seen at each step.
"use strict";

const { readFileSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [modules, address, book] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "none.cjs"))("playwright-core");
const AXE = readFileSync(join(modules, "@daisy/axe-core-for-ace/axe.min.js"), "utf-8");
const PATIENCE = { timeout: 60_000 };

// What runs in the page ----------------------------------------------------------------------------------------------

const where = () => document.getElementById("where").textContent;

// The words at the top of the page that is shown.
function topWords() {
  const { contentDocument: shown, clientWidth } = document.querySelector("iframe");
  const blocks = [...shown.body.querySelectorAll("p, h1, h2")];
  const visible = blocks.find((each) => [...each.getClientRects()].some((box) => box.left >= 0 && box.left < clientWidth));
  return visible.textContent.slice(0, 140);
}

function looks() {
  const { body, defaultView: view } = document.querySelector("iframe").contentDocument;
  const { backgroundColor, color } = view.getComputedStyle(body);
  return { ground: backgroundColor, text: color, asked: view.getComputedStyle(body.querySelector("h1")).letterSpacing };
}

// While a frame loads it has no body.
function onGround(ground) {
  const body = document.querySelector("iframe").contentDocument?.body;
  return body && getComputedStyle(body).backgroundColor === ground;
}

function framesShown(count) {
  const frames = [...document.querySelectorAll("iframe")];
  return (
    frames.length === count &&
    frames.every((each) => each.contentDocument?.querySelector("style.reader")) &&
    [...document.querySelectorAll(".cover")].every((each) => each.complete && each.naturalWidth > 100)
  );
}

async function violations() {
  const found = await axe.run(document, { iframes: false });
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(", ")}`);
}

// Steps --------------------------------------------------------------------------------------------------------------

async function until(page, text, selector = "#where") {
  await page.waitForFunction(
    ([selector, text]) => document.querySelector(selector)?.textContent.includes(text),
    [selector, text],
    PATIENCE,
  );
}

async function press(page, key, text) {
  await page.keyboard.press(key);
  await until(page, text);
}

async function choose(page, id, value, test, given) {
  await page.selectOption(`#${id}`, value);
  await page.waitForFunction(test, given, PATIENCE);
}

async function saved(page, name, change, text) {
  const path = join(book, name);
  writeFileSync(path, change(readFileSync(path, "utf-8")));
  await page.waitForFunction(
    (text) => document.querySelector("iframe").contentDocument?.body?.textContent.includes(text),
    text,
    PATIENCE,
  );
}

async function reading(page) {
  const seen = { address: page.url() };
  await until(page, "Cover");
  await page.keyboard.press("ArrowRight");
  await until(page, "Title page: page 1 of 1");
  await page.evaluate(() => document.querySelector("[data-document='text/long.xhtml']").click());
  await until(page, "The Long Chapter: page 1");
  await press(page, "ArrowRight", "page 2");
  await press(page, "ArrowRight", "page 3");
  seen.before = await page.evaluate(topWords);
  const opened = "# New words\n\nThey stand on the first page, and are not many.\n\n";
  await saved(page, "long.md", (text) => text.replace("The first", `${opened}The first`), "They stand on the first page");
  seen.after = await page.evaluate(topWords);
  seen.page = await page.evaluate(where);
  seen.id = await page.evaluate(() => document.querySelector("iframe").contentWindow.location.pathname);
  return seen;
}

async function messages(page) {
  await page.evaluate(() => [...document.querySelectorAll("#messages .entry")].find((each) => /nowhere/.test(each.textContent)).click());
  await until(page, "Faults: page 1");
  await page.waitForSelector(".mark.warning", PATIENCE);
  await page.waitForSelector(".layout .entry", PATIENCE);
  return page.evaluate(() => ({
    line: document.querySelector(".detail:not([hidden]) .here").textContent,
    link: document.querySelector(".detail:not([hidden]) a").href,
    marked: document.querySelector("iframe").contentDocument.getSelection().toString(),
    beside: [...document.querySelectorAll(".mark")].map((each) => each.getAttribute("aria-label")),
    layout: [...document.querySelectorAll(".layout .entry")].map((each) => each.textContent),
  }));
}

async function colours(page) {
  const found = { light: await page.evaluate(looks) };
  for (const [look, ground] of [["dark", "rgb(18, 18, 18)"], ["sepia", "rgb(244, 236, 216)"], ["black", "rgb(0, 0, 0)"]]) {
    await choose(page, "look", look, onGround, ground);
    found[look] = await page.evaluate(looks);
  }
  return found;
}

// Everything that Tab reaches, and whether it is seen there.
async function keyboard(page) {
  await page.evaluate(() => (document.activeElement.blur(), window.scrollTo(0, 0)));
  const reached = new Set();
  const unseen = [];
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const each = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(each);
      return { name: each.id || each.className || each.localName, seen: outlineStyle !== "none" && outlineWidth !== "0px" };
    });
    if (at.name === "body") break;
    reached.add(at.name);
    if (!at.seen) unseen.push(at.name);
  }
  await page.focus("#stage");
  await press(page, "PageUp", "The Long Chapter: page");
  await press(page, "Home", "The Long Chapter: page 1 of");
  return { reached: [...reached], unseen };
}

async function searching(page) {
  await page.locator("#words").pressSequentially("lantern number 40 ");
  await page.waitForFunction(() => document.getElementById("found").textContent === "1 place", null, PATIENCE);
  await page.evaluate(() => document.querySelector("#hits .entry").click());
  await page.waitForFunction(() => document.querySelector("iframe").contentDocument.getSelection().toString(), null, PATIENCE);
  return page.evaluate(() => document.querySelector("iframe").contentDocument.getSelection().toString());
}

async function views(page) {
  const found = {};
  for (const [view, count] of [["sizes", 4], ["themes", 5], ["pages", 1]]) {
    await choose(page, "view", view, framesShown, count);
    found[view] = await page.evaluate(violations);
  }
  return found;
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
    args: ["--disable-gpu"],
    chromiumSandbox: false,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    await page.goto(address);
    const seen = { reading: await reading(page), messages: await messages(page), colours: await colours(page) };
    await page.evaluate(AXE);
    seen.dark = await page.evaluate(violations);
    seen.keyboard = await keyboard(page);
    seen.searched = await searching(page);
    seen.views = await views(page);
    process.stdout.write(`${JSON.stringify({ ...seen, faults, hosts: [...hosts] })}\n`);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
