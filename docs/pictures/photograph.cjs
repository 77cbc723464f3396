// Pages as Chromium shows them, all in one browser: given the folder of Node's modules and a JSON file of jobs, each
// {"page", "target", "width", "height", "scale", "dark", "style", "show"}; `show` is a CSS selector to scroll to.
"use strict";

const { createRequire } = require("node:module");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const [modules, jobs] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "none.cjs"))("puppeteer");

async function photograph(page, job) {
  await page.setViewport({ width: job.width, height: job.height, deviceScaleFactor: job.scale });
  const scheme = job.dark ? "dark" : "light";
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.goto(pathToFileURL(job.page).href);
  await page.addStyleTag({ content: job.style });
  await page.evaluate((selector) => {
    const shown = selector && document.querySelector(selector);
    if (shown) {
      window.scrollTo(0, shown.getBoundingClientRect().top + window.scrollY - 60);
    }
  }, job.show);
  await page.screenshot({ path: job.target });
}

async function main() {
  const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
    args: ["--no-sandbox", "--hide-scrollbars", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    for (const job of JSON.parse(readFileSync(jobs, "utf-8"))) {
      await photograph(page, job);
    }
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
