import { css } from "./styles.js";
import { words } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const LEAF = "M5 19c0-9 5-14 14-14 0 9-5 14-14 14zm0 0c3-5 6-8 9-9.5";

/** The round button in its own shadow root, and the count of unread messages on it. */
export class LauncherButton {
  readonly host = document.createElement("firstline-widget");
  readonly root = this.host.attachShadow({ mode: "open" });
  readonly button = document.createElement("button");
  private readonly badge = document.createElement("b");
  private readonly note = document.createElement("span");
  private isOpen = false;
  private unread = 0;

  constructor(private readonly lang: string) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    this.root.adoptedStyleSheets = [sheet];
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "dialog");
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("viewBox", "0 0 24 24");
    drawing.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", LEAF);
    drawing.append(path);
    this.button.append(drawing, this.badge);
    this.note.setAttribute("role", "alert");
    this.root.append(this.note, this.button);
    this.show({});
  }

  /** The widget proper is on its way, or has not come. */
  loading(state: "busy" | "failed" | "done"): void {
    this.button.ariaBusy = String(state === "busy");
    this.note.textContent = state === "failed" ? words(this.lang).failed : "";
  }

  show({ open = this.isOpen, unread = this.unread }): void {
    this.isOpen = open;
    this.unread = unread;
    const text = words(this.lang);
    const label = open ? text.close : text.open;
    this.badge.hidden = open || unread === 0;
    this.badge.textContent = unread > 9 ? "9+" : String(unread);
    this.button.setAttribute("aria-expanded", String(open));
    this.button.setAttribute("aria-label", unread > 0 ? `${label}, ${text.unread(unread)}` : label);
  }
}
