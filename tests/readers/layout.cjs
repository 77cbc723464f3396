// Books in a browser, laid out in columns as reading systems do, and audited. Given the folder of Node's modules and a
// JSON file: [{"name", "folder", "documents": [path], "layouts": [row], "colours": [row]}], `folder` being that of an
// unpacked book. A row is {"name", "width", "height", "type", "modern", "layer"}, for colours with {"scheme", "page",
// "text", "night"} beside. Writes one line of JSON for each finding, with the job's name, the document and the row's.
// A job that has "pictures", a folder, isn't audited: its pages are photographed into it.
"use strict";

const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { extname, join, normalize } = require("node:path");

const [modules, planned] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "none.cjs"))("puppeteer");
const SECONDS = 60; // for any one document
const TABS = 2;
const AUDIT = join(__dirname, "../../src/chapbook/preview/page");
const LIMIT = 40; // findings of one document in one layout
const TYPES = {
  ".xhtml": "application/xhtml+xml",
  ".html": "text/html",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".js": "text/javascript",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".gif": "image/gif",
  ".otf": "font/otf",
  ".ttf": "font/ttf",
  ".woff2": "font/woff2",
};
const HOST = `<!DOCTYPE html><html><meta charset="utf-8"><body style="margin: 0"><iframe style="border: 0"></iframe>
<script src="/audit/layout_audit.js"></script><script src="/own/layout_reader.js"></script></body></html>`;

function serve(jobs) {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url.split("?")[0]);
    const [, top, ...rest] = normalize(path).split("/");
    const folder =
      { own: __dirname, audit: AUDIT, readium: join(modules, "@readium/css/css/dist") }[top] ??
      jobs[Number(top)]?.folder;
    try {
      const body = path === "/" ? HOST : readFileSync(join(folder, ...rest));
      response.writeHead(200, { "content-type": path === "/" ? "text/html" : (TYPES[extname(path)] ?? "text/plain") });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

async function tab(browser, origin, tasks) {
  const page = await browser.newPage();
  page.on("pageerror", (error) => process.stderr.write(`${error}\n`));
  await page.exposeFunction("setScheme", (value) =>
    page.emulateMediaFeatures([{ name: "prefers-color-scheme", value }]),
  );
  await page.goto(origin);
  for (let task = tasks.shift(); task; task = tasks.shift()) {
    const { job, index, document } = task;
    const address = `/${index}/${document.split("/").map(encodeURIComponent).join("/")}`;
    if (job.pictures) {
      await photograph(page, address, job);
      continue;
    }
    const { layouts, colours } = job;
    const found = await page.evaluate((...asked) => auditDocument(...asked), address, {
      layouts,
      colours,
      limit: LIMIT,
    });
    for (const each of found) process.stdout.write(`${JSON.stringify({ job: job.name, document, ...each })}\n`);
  }
}

async function photograph(page, address, { layouts, colours, pictures }) {
  for (const row of [...layouts, ...colours]) {
    const pages = await page.evaluate((...asked) => openPages(...asked), address, row);
    for (let number = 1; number <= pages; number += 1) {
      await page.evaluate((...asked) => turnTo(...asked), number, row);
      const name = `${address}-${row.name}-${String(number).padStart(3, "0")}.png`.replace(/[^\w.-]+/g, "_");
      await page.screenshot({ path: join(pictures, name), clip: { x: 0, y: 0, width: row.width, height: row.height } });
    }
  }
}

async function main() {
  const jobs = JSON.parse(readFileSync(planned, "utf-8"));
  const server = await serve(jobs);
  const browser = await puppeteer.launch({
    args: ["--no-sandbox", "--disable-setuid-sandbox", "--disable-gpu"],
    defaultViewport: { width: 840, height: 1200 },
    protocolTimeout: SECONDS * 1000,
  });
  try {
    const tasks = jobs.flatMap((job, index) => job.documents.map((document) => ({ job, index, document })));
    const origin = `http://127.0.0.1:${server.address().port}/`;
    const tabs = jobs.some((job) => job.pictures) ? 1 : TABS; // only the tab in front is drawn
    await Promise.all(Array.from({ length: tabs }, () => tab(browser, origin, tasks)));
  } finally {
    await browser.close();
    server.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
