// A reading system for tests, in the page that holds it: it lays a document out in columns in an iframe of a page's size,
// as epub.js does, or with the sheets of Readium CSS, and audits it (the preview's layout_audit.js) in each layout that is asked for.
"use strict";

const GUTTER = 20; // pixels at each side of a page, of both reading systems
const frame = document.querySelector("iframe");
const readium = new Map();

async function readiumSheet(kind, name) {
  const path = `/readium/${kind ? `${kind}/` : ""}ReadiumCSS-${name}.css`;
  if (!readium.has(path)) readium.set(path, await (await fetch(path)).text());
  return readium.get(path);
}

function load(address) {
  return new Promise((resolve) => {
    frame.onload = () => resolve(frame.contentDocument);
    frame.src = address;
  });
}

function sheet(inner, css, before) {
  const style = inner.createElementNS("http://www.w3.org/1999/xhtml", "style");
  style.className = "reader";
  style.textContent = css;
  if (before) inner.head.prepend(style);
  else inner.head.append(style);
}

// As epub.js (Contents.columns) does, and its themes.fontSize.
function epubjs(inner, { width, height, type }) {
  const { body } = inner;
  const gap = 2 * GUTTER;
  inner.documentElement.style.cssText = "overflow: hidden";
  body.style.cssText = `width: ${width}px; height: ${height}px; overflow: visible; margin: 0 !important;
    padding: ${GUTTER}px !important; box-sizing: border-box; max-width: inherit; column-fill: auto; column-gap: ${gap}px;
    column-width: ${width}px; font-size: ${type}%`;
  if (getComputedStyle(inner.documentElement).writingMode.startsWith("vertical"))
    body.style.columnWidth = `${height}px`;
}

// The settings of a paged view; the default sheet is for books that have none of their own. The size of the type is that
// of the root, as it was before version 2; its successor enlarges pictures beyond the page, too, whatever a book says.
async function readiumCss(inner, { type, night }) {
  const root = inner.documentElement;
  const language = (root.lang || root.getAttribute("xml:lang") || "").slice(0, 2);
  const rtl = getComputedStyle(root).direction === "rtl";
  const kind = rtl ? "rtl" : ["ja", "zh", "ko"].includes(language) ? "cjk-horizontal" : "";
  const styled = inner.querySelector("link[rel='stylesheet']");
  sheet(inner, await readiumSheet(kind, "before"), true);
  if (!styled) sheet(inner, await readiumSheet(kind, "default"), true);
  sheet(inner, await readiumSheet(kind, "after"), false);
  const colours = night ? "--USER__backgroundColor: #000000; --USER__textColor: #FEFEFE;" : "";
  root.style.cssText = `--USER__view: readium-paged-on; --USER__deprecated: readium-deprecatedFontSize-on; --USER__fontSize: ${type}%; --RS__pageGutter: ${GUTTER}px; ${colours}`;
}

async function arrange(inner, row) {
  frame.style.width = `${row.width}px`;
  frame.style.height = `${row.height}px`;
  for (const old of inner.querySelectorAll("style.reader")) old.remove();
  for (const element of [inner.documentElement, inner.body]) element.removeAttribute("style");
  for (const link of inner.querySelectorAll("link[href$='modern.css']")) {
    if (link.sheet) link.sheet.disabled = !row.modern;
  }
  // Reading systems with Readium CSS scroll vertical text.
  const vertical = getComputedStyle(inner.documentElement).writingMode.startsWith("vertical");
  if (row.layer === "readium" && !vertical) await readiumCss(inner, row);
  else epubjs(inner, row);
}

// What a reading system does that has a page of another colour and doesn't ask the book.
function paintPage(inner, { page, text }) {
  if (!page) return;
  sheet(inner, `html, body { background-color: ${page} !important; color: ${text} !important }`, false);
}

// Everything that is found in a document: in each layout, and in each of the colours. Where neither is told apart by
// anything that a book may ask about, only the last is painted.
async function auditDocument(address, { layouts, colours, limit }) {
  const inner = await load(address);
  const found = [];
  const keep = (row, list) => found.push(...list.slice(0, limit).map((each) => ({ ...each, row: row.name })));
  for (const row of layouts) {
    await arrange(inner, row);
    keep(row, layoutAudit(inner));
  }
  for (const row of colours) {
    await setScheme(row.scheme);
    await arrange(inner, row);
    paintPage(inner, row);
    keep(row, contrastAudit(inner));
    keep(row, await pictureAudit(inner));
  }
  return found;
}

// Lays a document out to be photographed; how many pages it has.
async function openPages(address, row) {
  const inner = await load(address);
  await setScheme(row.scheme);
  await arrange(inner, row);
  paintPage(inner, row);
  const { scrollWidth, scrollHeight } = inner.documentElement;
  return Math.max(1, Math.round(scrollWidth / row.width), Math.round(scrollHeight / row.height));
}

function turnTo(page, { width, height }) {
  const { contentDocument: inner, contentWindow: view } = frame;
  const { direction, writingMode } = getComputedStyle(inner.documentElement);
  const on = page - 1;
  if (writingMode.startsWith("vertical")) view.scrollTo(0, on * height);
  else view.scrollTo(direction === "rtl" ? -on * width : on * width, 0);
}
