/**
 * The one script a site embeds. It draws the button, answers to the page (`window.Firstline`) and
 * loads the widget proper when it is first needed; until then the page pays only for this file.
 */
import type { Options, Widget } from "../widget/app.js";
import { css } from "./styles.js";
import { words } from "./words.js";

declare const APP_PATH: string;

type Call = (api: PublicApi) => void;

/** What a site may call; documented in docs/howto/embed-the-widget.md. */
export interface PublicApi {
  open(): Promise<void>;
  close(): Promise<void>;
  prefill(text: string): Promise<void>;
  /** Says who is signed in (a token that the site signed), or with null that nobody is. */
  identify(token: string | null): void;
  /** Calls `listener` with each event of that name; the answer undoes it. */
  on(name: string, listener: (detail: unknown) => void): () => void;
  /** Runs `call` now; before the launcher has loaded, a plain array takes its place. */
  push(call: Call): void;
}

declare global {
  interface Window {
    Firstline?: PublicApi | Call[];
  }
}

const ICON = "M5 19c0-9 5-14 14-14 0 9-5 14-14 14zm0 0c3-5 6-8 9-9.5";

function launch(script: HTMLScriptElement): void {
  const { api, lang, title = "", theme = "auto", position = "end" } = script.dataset;
  const base = (api ?? new URL(".", script.src).href).replace(/\/$/, "");
  const language = lang || document.documentElement.lang || navigator.language;
  const text = words(language);

  const host = document.createElement("firstline-widget");
  host.dataset.position = position;
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.type = "button";
  button.ariaLabel = text.open;
  button.ariaHasPopup = "dialog";
  button.ariaExpanded = "false";
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICON);
  drawing.append(path);
  const count = document.createElement("b");
  count.hidden = true;
  button.append(drawing, count);
  root.append(button);

  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    host.dataset.dark = String(theme === "dark" || (theme === "auto" && scheme.matches));
  };
  scheme.addEventListener("change", paint);
  paint();

  const listeners = new EventTarget();
  let identity: string | null = null;
  let isOpen = false;
  let loading: Promise<Widget> | undefined;
  const options: Options = {
    base,
    title,
    lang: language,
    host,
    identity: () => identity,
    emit: (name, detail) => listeners.dispatchEvent(new CustomEvent(name, { detail })),
    toggled: (now) => {
      isOpen = now;
      button.ariaExpanded = String(now);
      button.ariaLabel = now ? text.close : text.open;
      if (!now) button.focus();
      options.emit(now ? "open" : "close", null);
    },
  };
  const load = () => {
    loading ??= import(/* @vite-ignore */ `${base}/${APP_PATH}`).then(({ start }) =>
      start(root, options),
    );
    // A failed download is not remembered, so that the next press tries again.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  const publicApi: PublicApi = {
    open: async () => (await load()).open(),
    close: async () => (await loading)?.close(),
    prefill: async (words) => (await load()).prefill(words),
    identify: (token) => {
      identity = token;
    },
    on: (name, listener) => {
      const heard = (event: Event) => listener((event as CustomEvent).detail);
      listeners.addEventListener(name, heard);
      return () => listeners.removeEventListener(name, heard);
    },
    push: (call) => call(publicApi),
  };
  button.addEventListener("click", () => (isOpen ? publicApi.close() : publicApi.open()));

  const waiting = window.Firstline;
  window.Firstline = publicApi;
  document.body.append(host);
  if (Array.isArray(waiting)) for (const call of waiting) call(publicApi);
  if (remembers(base)) void load();
}

/** Whether this browser has a conversation here, whose news the button should show. */
function remembers(base: string): boolean {
  try {
    return (localStorage.getItem(`firstline:${base}:session`) ?? "null") !== "null";
  } catch {
    return false;
  }
}

const script = document.currentScript;
const present = window.Firstline && !Array.isArray(window.Firstline);
if (script instanceof HTMLScriptElement && !present) {
  if (document.body) launch(script);
  else addEventListener("DOMContentLoaded", () => launch(script));
}
