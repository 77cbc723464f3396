// The site in a real browser: given the folder of Node's modules and the address of its home page. Writes one line of
// JSON: what was seen.
"use strict";

const { createRequire } = require("node:module");
const { join } = require("node:path");

const [modules, address] = process.argv.slice(2);
const { chromium } = createRequire(join(modules, "none.cjs"))("playwright-core");
const PATIENCE = { timeout: 60_000 };

async function searching(page) {
  await page.goto(address);
  await page.keyboard.press("/");
  await page.locator("[data-md-component=search-query]").pressSequentially("toc_depth");
  const first = page.locator(".md-search-result__link").first();
  await first.waitFor(PATIENCE);
  const href = await first.getAttribute("href");
  await first.click();
  await page.waitForURL((url) => url.pathname !== new URL(address).pathname, PATIENCE);
  return { href: new URL(href, address).pathname, words: await page.locator("article").innerText() };
}

// The width that a page asks for on a phone, beside the one it has.
async function onPhone(browser, path) {
  const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
  await page.goto(new URL(path, address).href);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  await page.close();
  return { path, widths };
}

async function main() {
  const browser = await chromium.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
    args: ["--disable-gpu"],
    chromiumSandbox: false,
  });
  try {
    const page = await browser.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    const hosts = new Set();
    page.on("request", (request) => hosts.add(new URL(request.url()).host));
    const searched = await searching(page);
    const pictures = [];
    for (const path of ["index.html", "tutorial.html", "preview.html"]) {
      await page.goto(new URL(path, address).href);
      pictures.push(...(await page.evaluate(() => [...document.images].map((each) => [each.src, each.naturalWidth]))));
    }
    const phone = [];
    for (const path of ["index.html", "tutorial.html", "keys.html", "command.html"]) {
      phone.push(await onPhone(browser, path));
    }
    process.stdout.write(`${JSON.stringify({ searched, pictures, phone, faults, hosts: [...hosts] })}\n`);
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
