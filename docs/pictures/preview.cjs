// The preview's page with a message opened: given the folder of Node's modules, the address and the picture to write.
"use strict";

const { createRequire } = require("node:module");
const { join } = require("node:path");

const [modules, address, target] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "none.cjs"))("puppeteer");

async function main() {
  const browser = await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
    args: ["--no-sandbox", "--hide-scrollbars", "--disable-gpu"],
    defaultViewport: { width: 1280, height: 800 },
  });
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.waitForSelector("#messages .entry");
    await page.evaluate(() => document.querySelector("#messages .entry").click());
    await page.waitForSelector(".mark");
    await page.screenshot({ path: target });
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
