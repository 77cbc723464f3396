// What Chromium measures. Given a folder of Node's modules, and last as JSON what to measure: [{"file", "width",
// "height", "script"}], the script an expression that runs in the page. Writes the value of each, one line of JSON.
"use strict";

const { createRequire } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const [modules, asked] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "none.cjs"))("puppeteer");
const SECONDS = 30; // for any one step

async function main() {
  const browser = await puppeteer.launch({
    args: ["--no-sandbox", "--disable-setuid-sandbox"],
    protocolTimeout: SECONDS * 1000,
  });
  try {
    const page = await browser.newPage();
    for (const { file, width, height, script } of JSON.parse(asked)) {
      await page.setViewport({ width, height });
      await page.goto(pathToFileURL(file).href);
      process.stdout.write(`${JSON.stringify(await page.evaluate(script))}\n`);
    }
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
