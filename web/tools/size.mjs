/** Fails when the launcher, the whole widget or a page for staff grows past its limit. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const LAUNCHER_LIMIT = 3 * 1024;
const WIDGET_LIMIT = 35 * 1024;
/** What a page loads before it can be used, in its first language. */
const PAGE_LIMITS = { "desk/index.html": 40 * 1024 };

const gzipped = (path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length;
const manifest = (name) => JSON.parse(readFileSync(join(dist, ".vite", `${name}.json`), "utf8"));
const kib = (bytes) => `${(bytes / 1024).toFixed(2)} KiB gzipped`;
let failed = false;

function check(name, bytes, limit) {
  console.log(`${name}: ${kib(bytes)} of ${kib(limit)}`);
  failed ||= bytes > limit;
}

/** The files that a page and everything it imports at once are made of. */
function filesOf(pages, name, seen = new Set()) {
  const { file, css = [], imports = [] } = pages[name];
  for (const one of [file, ...css]) seen.add(one);
  for (const one of imports) filesOf(pages, one, seen);
  return seen;
}

const sum = (files) => files.reduce((bytes, file) => bytes + gzipped(file), 0);
const chunks = Object.values(manifest("widget")).map(({ file }) => file);
check("launcher widget.js", gzipped("widget.js"), LAUNCHER_LIMIT);
for (const file of chunks) console.log(`  ${file}: ${kib(gzipped(file))}`);
check("widget in all, every language", sum(["widget.js", ...chunks]), WIDGET_LIMIT);
const pages = manifest("pages");
for (const [page, limit] of Object.entries(PAGE_LIMITS)) {
  check(page, sum([...filesOf(pages, page)]), limit);
}
if (failed) {
  console.error("Something is too large.");
  process.exit(1);
}
