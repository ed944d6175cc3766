import { CustomerApi } from "./api.js";
import { Conversation } from "./conversation.js";
import type { LogEvent } from "./model.js";
import { Panel } from "./panel.js";

/** What the launcher hands over when the customer first opens the widget. */
export interface Options {
  /** Address of the edge, without a trailing slash. */
  base: string;
  title: string;
  lang: string;
  /** The element on the page; `data-dark` and `data-position` on it steer the look. */
  host: HTMLElement;
  identity: () => string | null;
  emit: (name: string, detail: unknown) => void;
  toggled: (open: boolean) => void;
}

/** The widget proper, once loaded. */
export interface Widget {
  open(): void;
  close(): void;
  prefill(text: string): void;
}

/** Puts the panel into `root` and goes on with an earlier conversation, if there is one. */
export async function start(root: ShadowRoot, options: Options): Promise<Widget> {
  const panel = new Panel();
  const heard = (event: LogEvent, isNew: boolean) => {
    if (isNew) options.emit(event.type, event);
  };
  panel.conversation = new Conversation(
    new CustomerApi(options.base),
    () => panel.requestUpdate(),
    heard,
    options.identity,
  );
  panel.heading = options.title || panel.texts.help;
  panel.onToggle = options.toggled;
  const look = () => {
    Object.assign(panel.dataset, options.host.dataset);
  };
  new MutationObserver(look).observe(options.host, { attributes: true });
  look();
  root.append(panel);
  await panel.updateComplete;
  panel.conversation.resume();
  return {
    open: () => panel.open(),
    close: panel.close,
    prefill: (text) => {
      panel.draft = text;
    },
  };
}
