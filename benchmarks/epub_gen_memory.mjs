// Builds an EPUB of the Markdown files of a folder with epub-gen-memory and markdown-it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const epub = require("epub-gen-memory").default;
const markdown = require("markdown-it")({ html: true, typographer: true });

const [folder, target] = process.argv.slice(2);
const chapters = readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .sort()
  .map((name) => {
    const text = readFileSync(join(folder, name), "utf8").replace(/^---\n[\s\S]*?\n---\n/, "");
    return { title: name, content: markdown.render(text) };
  });
writeFileSync(target, await epub({ title: "Corpus", author: "Generator" }, chapters));
