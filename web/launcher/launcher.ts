/**
 * The one script a site embeds. It draws the button, answers to the page (`window.Firstline`) and
 * loads the widget proper when it is first needed; until then the page pays only for this file.
 */
import type { Options, Widget } from "../widget/app.js";
import { LauncherButton } from "./button.js";
import type { PublicApi } from "./public-api.js";

/** Where the widget proper is, below the edge's address; the build fills it in. */
declare const APP_PATH: string;

function launch(script: HTMLScriptElement): void {
  const { api, lang: own, title = "", privacy = "", theme, position, dir } = script.dataset;
  const base = (api ?? new URL(".", script.src).href).replace(/\/$/, "");
  const lang = own || document.documentElement.lang || navigator.language;
  const face = new LauncherButton(lang);
  const listeners = new EventTarget();
  let identity: string | null = null;
  let loading: Promise<Widget> | undefined;
  let isOpen = false;
  let before: Element | null = null;

  const options: Options = {
    base,
    title,
    privacy,
    lang,
    host: face.host,
    identity: () => identity,
    emit: (name, detail) => listeners.dispatchEvent(new CustomEvent(name, { detail })),
    unread: (count) => {
      face.show({ unread: count });
      options.emit("unread", count);
    },
    toggled: (open) => {
      isOpen = open;
      face.show({ open });
      if (!open) giveBack(before, face);
      options.emit(open ? "open" : "close");
    },
  };
  const load = () => {
    loading ??= import(/* @vite-ignore */ `${base}/${APP_PATH}`).then(({ start }) =>
      start(face.root, options),
    );
    // A failed download is not remembered, so that the next press tries again.
    loading.catch(() => {
      loading = undefined;
    });
    return loading;
  };
  const publicApi: PublicApi = {
    open: async () => {
      before = document.activeElement;
      (await load()).open();
    },
    close: async () => (await loading)?.close(),
    prefill: async (text) => (await load()).prefill(text),
    identify: (token) => {
      identity = token;
      if (!token && remembers(base)) void load().then((widget) => widget.signedOut());
    },
    on: (name, listener) => {
      const heard = (event: Event) => listener((event as CustomEvent).detail);
      listeners.addEventListener(name, heard);
      return () => listeners.removeEventListener(name, heard);
    },
    push: (call) => call(publicApi),
  };

  face.button.addEventListener("click", () => (isOpen ? publicApi.close() : publicApi.open()));
  face.host.dir = dir ?? "ltr";
  if (position) face.host.dataset.position = position;
  paint(face.host, theme);
  document.body.append(face.host);
  const waiting = window.Firstline;
  window.Firstline = publicApi;
  if (Array.isArray(waiting)) for (const call of waiting) call(publicApi);
  if (!remembers(base)) return;
  if (document.readyState === "complete") void load();
  else addEventListener("load", load);
}

/** The keyboard goes back to where it was before the widget was opened, else to the button. */
function giveBack(before: Element | null, face: LauncherButton): void {
  const page = before instanceof HTMLElement && before !== document.body && before !== face.host;
  (page && before.isConnected ? before : face.button).focus();
}

/** Light or dark: as the snippet says, else as the customer's machine says, now and later. */
function paint(host: HTMLElement, theme?: string): void {
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    host.dataset.dark = String(theme ? theme === "dark" : scheme.matches);
  };
  scheme.addEventListener("change", apply);
  apply();
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
