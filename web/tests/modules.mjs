/** Loads the widget's TypeScript modules for tests outside a browser. */
import { dirname, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { createServer } from "vite";

const server = await createServer({
  root: join(dirname(fileURLToPath(import.meta.url)), ".."),
  configFile: false,
  server: { middlewareMode: true, ws: false },
  appType: "custom",
  logLevel: "error",
});
after(() => server.close());

export const load = (path) => server.ssrLoadModule(path);
