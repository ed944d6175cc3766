import type { CaseEditor } from "./case-editor.js";
import type { Conversation } from "./conversation.js";
import type { Texts } from "./texts/en.js";

/** What the parts of the panel draw from. */
export interface View {
  readonly conversation: Conversation;
  readonly editor: CaseEditor;
  readonly texts: Texts;
  readonly heading: string;
  /** What the customer is writing. */
  draft: string;
  close(): void;
  send(): void;
}
