import { CustomerApi, Problem } from "./api.js";
import { CaseEditor } from "./case-editor.js";
import { Conversation } from "./conversation.js";
import { localeOf } from "./dates.js";
import type { LogEvent } from "./model.js";
import { Panel } from "./panel.js";
import { Presence } from "./presence.js";
import { Resumption, tokenOfPage } from "./resumption.js";
import { Service } from "./service.js";
import { chime } from "./sound.js";
import { type Language, languageOf, textsOf } from "./texts/index.js";
import { Uploads } from "./uploads.js";

/** What the launcher hands over when the customer first opens the widget. */
export interface Options {
  /** Address of the edge, without a trailing slash. */
  base: string;
  title: string;
  /** Where the site explains what it keeps of its customers; empty for no link. */
  privacy: string;
  /** Language tag (BCP 47) of the page or of the snippet. */
  lang: string;
  /** The element on the page; its `data-` attributes steer the look. */
  host: HTMLElement;
  identity(): string | null;
  emit(name: string, detail?: unknown): void;
  toggled(open: boolean): void;
  unread(count: number): void;
}

/** The widget proper, once loaded. */
export interface Widget {
  open(): void;
  close(): void;
  prefill(text: string): void;
  /** Nobody is signed in any more. */
  signedOut(): void;
}

/** Puts the panel into `root` and goes on with an earlier conversation, if there is one. */
export async function start(root: ShadowRoot, options: Options): Promise<Widget> {
  const panel = new Panel();
  const { conversation, looked } = connect(panel, options);
  const { shared } = conversation;
  follow(panel, options.host);
  panel.privacy = options.privacy;
  panel.sound = shared.get("sound") === true;
  panel.onSound = (on) => shared.set("sound", on);
  panel.onSpeak = (lang) => {
    shared.set("lang", lang);
    void speak(panel, lang, options);
  };
  panel.onToggle = (open) => {
    if (open) panel.service.start();
    else panel.service.stop();
    options.toggled(open);
    looked();
  };
  document.addEventListener("visibilitychange", looked);
  await speak(panel, shared.get<Language>("lang") ?? languageOf(options.lang), options);
  root.append(panel);
  await panel.updateComplete;
  const link = tokenOfPage();
  if (link) await take(panel, link);
  else conversation.resume();
  return {
    open: () => panel.open(),
    close: () => panel.close(),
    signedOut: () => conversation.signedOut(),
    prefill: (text) => {
      panel.draft = text;
    },
  };
}

/** Opens what the link of an e-mail names; what this browser had before stays when it does not work. */
async function take(panel: Panel, link: string): Promise<void> {
  try {
    await panel.conversation.takeOver(link);
  } catch (error) {
    panel.resumption.refused((error instanceof Problem && error.detail) || panel.texts.failed);
    panel.conversation.resume();
  }
  panel.open();
}

/** Makes what the panel shows, each telling the panel when it changes. */
function connect(panel: Panel, options: Options) {
  const api = new CustomerApi(options.base);
  const redraw = () => panel.requestUpdate();
  const looked = () => presence.update(conversation.log, panel.isOpen && !document.hidden);
  const conversation = new Conversation(api, {
    changed: () => {
      redraw();
      looked();
    },
    heard: (event, isNew) => {
      if (!isNew) return;
      if (panel.sound && event.type === "message" && event.from !== "customer") chime();
      announce(event, options);
    },
    language: () => panel.language,
    identity: options.identity,
    refused: (reason) => options.emit("identity-refused", reason),
  });
  const presence = new Presence(conversation.shared, options.unread);
  panel.conversation = conversation;
  panel.editor = new CaseEditor((field, value) => conversation.correct(field, value), redraw);
  panel.resumption = new Resumption((number) => api.sendLink(number), redraw);
  panel.uploads = new Uploads(conversation, redraw);
  panel.service = new Service(api, redraw);
  return { conversation, looked };
}

/** Tells the page what happened; what was said stays between the customer and the desk. */
function announce(event: LogEvent, { emit }: Options): void {
  if (event.type === "message") emit("message", { id: event.id, from: event.from });
  if (event.type === "owner") emit("owner", { owner: event.owner });
  if (event.type === "case") {
    const { case: number, status, revision } = event.case;
    emit(status === "filed" ? "filed" : "case", { case: number, revision });
  }
}

async function speak(panel: Panel, lang: Language, options: Options): Promise<void> {
  panel.texts = await textsOf(lang);
  panel.language = lang;
  panel.locale = localeOf(lang, [options.lang, ...navigator.languages]);
  panel.heading = options.title || panel.texts.help;
}

/** The panel wears the same `data-` attributes as the element on the page. */
function follow(panel: Panel, host: HTMLElement): void {
  const look = () => {
    Object.assign(panel.dataset, host.dataset);
  };
  new MutationObserver(look).observe(host, { attributes: true });
  look();
}
