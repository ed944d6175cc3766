/**
 * The one script a site embeds. It draws the button, answers to the page (`window.Firstline`) and
 * loads the widget proper when it is first needed; until then the page pays only for this file.
 */
import type { Options, Widget } from "../widget/app.js";
import { LauncherButton } from "./button.js";
import type { Call, PublicApi } from "./public-api.js";

/** Where the widget proper is, below the edge's address; the build fills it in. */
declare const APP_PATH: string;

class Launcher implements PublicApi {
  readonly face: LauncherButton;
  private readonly options: Options;
  private readonly listeners = new EventTarget();
  private identity: string | null = null;
  private widget: Promise<Widget> | undefined;
  private tries = 0;
  private isOpen = false;
  /** Where the keyboard was on the page before the widget was opened. */
  private before: Element | null = null;

  constructor(script: HTMLScriptElement) {
    const { api, lang, title = "", privacy = "" } = script.dataset;
    const language = lang || document.documentElement.lang || navigator.language;
    this.face = new LauncherButton(language);
    this.options = {
      base: (api ?? new URL(".", script.src).href).replace(/\/$/, ""),
      title,
      privacy,
      lang: language,
      host: this.face.host,
      identity: () => this.identity,
      emit: (name, detail) => this.emit(name, detail),
      unread: (count) => this.counted(count),
      toggled: (open) => this.toggled(open),
    };
    // The button itself says so when the widget does not come.
    this.face.button.addEventListener("click", () =>
      (this.isOpen ? this.close() : this.open()).catch(() => undefined),
    );
  }

  async open(): Promise<void> {
    this.before = document.activeElement;
    (await this.load()).open();
  }

  async close(): Promise<void> {
    (await this.widget)?.close();
  }

  async prefill(text: string): Promise<void> {
    (await this.load()).prefill(text);
  }

  identify(token: string | null): void {
    this.identity = token;
    if (!token && this.remembers()) void this.load().then((widget) => widget.signedOut());
  }

  on(name: string, listener: (detail: unknown) => void): () => void {
    const heard = (event: Event) => listener((event as CustomEvent).detail);
    this.listeners.addEventListener(name, heard);
    return () => this.listeners.removeEventListener(name, heard);
  }

  push(call: Call): void {
    call(this);
  }

  /** Goes on with this browser's conversation, or an e-mailed link's, once the page has loaded. */
  resume(): void {
    if (!this.remembers() && !location.hash.startsWith("#firstline-resume=")) return;
    const load = () => this.load().catch(() => this.face.loading("done"));
    if (document.readyState === "complete") load();
    else addEventListener("load", load);
  }

  private load(): Promise<Widget> {
    this.widget ??= this.fetch();
    return this.widget;
  }

  private async fetch(): Promise<Widget> {
    this.face.loading("busy");
    try {
      // Browsers remember a module that did not come; the next try is at another address.
      const again = this.tries++ ? `?${this.tries}` : "";
      const address = `${this.options.base}/${APP_PATH}${again}`;
      const { start } = await import(/* @vite-ignore */ address);
      const widget: Widget = await start(this.face.root, this.options);
      this.face.loading("done");
      return widget;
    } catch (error) {
      this.widget = undefined;
      this.face.loading("failed");
      throw error;
    }
  }

  private emit(name: string, detail?: unknown): void {
    this.listeners.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private counted(unread: number): void {
    this.face.show({ unread });
    this.emit("unread", unread);
  }

  private toggled(open: boolean): void {
    this.isOpen = open;
    this.face.show({ open });
    if (!open) this.giveBack();
    this.emit(open ? "open" : "close");
  }

  /** The keyboard goes back to where it was before, else to the button. */
  private giveBack(): void {
    const { before, face } = this;
    const page = before instanceof HTMLElement && before !== document.body && before !== face.host;
    (page && before.isConnected ? before : face.button).focus();
  }

  private remembers(): boolean {
    try {
      const kept = localStorage.getItem(`firstline:${this.options.base}:session`);
      return (kept ?? "null") !== "null";
    } catch {
      return false;
    }
  }
}

function launch(script: HTMLScriptElement): void {
  const launcher = new Launcher(script);
  const { theme, position, dir = "ltr" } = script.dataset;
  const { host } = launcher.face;
  host.dir = dir;
  if (position) host.dataset.position = position;
  paint(host, theme);
  document.body.append(host);
  const waiting = window.Firstline;
  window.Firstline = launcher;
  if (Array.isArray(waiting)) for (const call of waiting) call(launcher);
  launcher.resume();
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

const script = document.currentScript;
const present = window.Firstline && !Array.isArray(window.Firstline);
if (script instanceof HTMLScriptElement && !present) {
  if (document.body) launch(script);
  else addEventListener("DOMContentLoaded", () => launch(script));
}
