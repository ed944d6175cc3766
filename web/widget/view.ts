import type { CaseEditor } from "./case-editor.js";
import type { Conversation } from "./conversation.js";
import type { Resumption } from "./resumption.js";
import type { Service } from "./service.js";
import type { Language, Texts } from "./texts/index.js";
import type { Uploads } from "./uploads.js";

/** What the parts of the panel draw from, and what they may do. */
export interface View {
  readonly conversation: Conversation;
  readonly editor: CaseEditor;
  readonly uploads: Uploads;
  readonly service: Service;
  readonly resumption: Resumption;
  readonly texts: Texts;
  readonly language: Language;
  /** Language tag for dates, such as `en-GB`. */
  readonly locale: string;
  readonly heading: string;
  /** Address of the site's privacy notice; empty when it has given none. */
  readonly privacy: string;
  readonly sound: boolean;
  /** There is room for the case beside the conversation. */
  readonly wide: boolean;
  /** The customer has pressed "Start a new conversation" once. */
  readonly leaving: boolean;
  /** The bot has owed an answer for long. */
  readonly slow: boolean;
  /** There is news below what the customer is reading. */
  readonly newsBelow: boolean;
  /** What the customer is writing. */
  draft: string;
  close(): void;
  send(): void;
  attach(files: Iterable<File>): void;
  speak(lang: Language): void;
  setSound(on: boolean): void;
  startAgain(): void;
  askForCase(): void;
  print(): void;
  download(): void;
  toNews(): void;
  /** Puts the customer back to writing, after a button that has gone. */
  backToWriting(event: Event): void;
}
