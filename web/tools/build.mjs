/**
 * Builds everything the edge serves into dist/:
 *   /widget.js   the launcher, a classic script under one stable name
 *   /assets/*    the widget proper, its languages and the pages' files, named by their content
 *   the pages    index.html, mailbox/, desk/, demo/
 * The launcher is built last because it carries the widget's hashed name. All of it is made aside
 * and put in place at once, so that a running edge never serves half a build.
 */
import { readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const dist = join(root, "dist");
const aside = join(root, "node_modules/.dist");
const pages = [
  "index.html",
  "mailbox/index.html",
  "chat/index.html",
  "desk/index.html",
  "train/index.html",
  "demo/single-page-app/index.html",
  "demo/signed-in/index.html",
];
const assetNames = {
  entryFileNames: "assets/[name]-[hash].js",
  chunkFileNames: "assets/[name]-[hash].js",
  assetFileNames: "assets/[name]-[hash][extname]",
};

function bundle(options) {
  return build({
    root,
    configFile: false,
    logLevel: "warn",
    ...options,
    build: {
      target: "es2022",
      outDir: aside,
      emptyOutDir: false,
      modulePreload: false,
      assetsInlineLimit: 0,
      ...options.build,
    },
  });
}

/** A script for other people's pages: no loading helper of the bundler's in it. */
function script(entry, manifest, output, define = {}) {
  const lib = { entry: join(root, entry), formats: [output.format], name: "firstline" };
  return bundle({ define, build: { lib, manifest, rolldownOptions: { output } } });
}

rmSync(aside, { recursive: true, force: true });
const input = pages.map((page) => join(root, page));
await bundle({
  build: { manifest: ".vite/pages.json", rolldownOptions: { input, output: assetNames } },
});
await script("widget/app.ts", ".vite/widget.json", { format: "es", minify: true, ...assetNames });
const manifest = JSON.parse(readFileSync(join(aside, ".vite/widget.json"), "utf8"));
await script(
  "launcher/launcher.ts",
  false,
  { format: "iife", entryFileNames: "widget.js" },
  { APP_PATH: JSON.stringify(manifest["widget/app.ts"].file) },
);
rmSync(dist, { recursive: true, force: true });
renameSync(aside, dist);
