// Ace by DAISY over many books in one process and one browser: starting both for each book costs more than the
// checks. Given a folder of Node's modules and the paths of EPUB files; writes one line of JSON a book:
// {"book", "findings": [{"rule", "impact", "file", "place", "html", "words"}]}.
"use strict";

const { createRequire } = require("node:module");
const { mkdtempSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

const [modules, ...books] = process.argv.slice(2);
const load = createRequire(join(modules, "none.cjs"));
const ace = load("@daisy/ace-core");
const runner = load("@daisy/ace-axe-runner-puppeteer");
const winston = createRequire(load.resolve("@daisy/ace-core"))("winston");

// Ace would open and close a browser for each book.
const shared = { ...runner, launch: async () => {}, close: async () => {} };

function findings(report) {
  return report.assertions.flatMap((file) =>
    file.assertions.map((found) => ({
      rule: found["earl:test"]["dct:title"],
      impact: found["earl:test"]["earl:impact"],
      file: file["earl:testSubject"].url,
      place: found["earl:result"]["earl:pointer"]?.css?.join(" ") ?? "",
      html: found["earl:result"].html ?? "",
      words: found["earl:result"]["dct:description"],
    })),
  );
}

async function checked(book) {
  const folder = mkdtempSync(join(tmpdir(), "ace-"));
  try {
    const options = { cwd: process.cwd(), outdir: join(folder, "report"), tmpdir: folder, doNotReportMedia: true };
    const [, report] = await ace(book, options, shared);
    return { book, findings: findings(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  winston.configure({ silent: true, transports: [new winston.transports.Console()] });
  await runner.launch();
  try {
    for (const book of books) {
      process.stdout.write(`${JSON.stringify(await checked(book))}\n`);
    }
  } finally {
    await runner.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exitCode = 1;
});
