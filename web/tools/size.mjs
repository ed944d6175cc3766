/** Fails when the launcher or the whole widget grows past what an old phone should carry. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = join(dirname(fileURLToPath(import.meta.url)), "..", "dist");
const LAUNCHER_LIMIT = 3 * 1024;
const TOTAL_LIMIT = 35 * 1024;

const gzipped = (path) => gzipSync(readFileSync(join(dist, path)), { level: 9 }).length;
const manifest = JSON.parse(readFileSync(join(dist, ".vite/widget.json"), "utf8"));
const launcher = gzipped("widget.js");
const chunks = Object.values(manifest).map((chunk) => [chunk.file, gzipped(chunk.file)]);
const total = chunks.reduce((sum, [, bytes]) => sum + bytes, launcher);

const kib = (bytes) => `${(bytes / 1024).toFixed(2)} KiB gzipped`;
console.log(`launcher widget.js: ${kib(launcher)} of ${kib(LAUNCHER_LIMIT)}`);
for (const [file, bytes] of chunks) console.log(`  ${file}: ${kib(bytes)}`);
console.log(`widget in all, every language: ${kib(total)} of ${kib(TOTAL_LIMIT)}`);
if (readdirSync(dist).length === 0 || launcher > LAUNCHER_LIMIT || total > TOTAL_LIMIT) {
  console.error("The widget is too large.");
  process.exit(1);
}
