import type { Staff } from "../staff/api.js";
import type { Look } from "../staff/look.js";
import type { Session } from "../staff/session.js";
import type { StaffTexts } from "../staff/texts/index.js";
import type { Language } from "../widget/texts/index.js";
import type { Acts } from "./acts.js";
import type { AuditLog } from "./audit.js";
import type { Editor } from "./editor.js";
import type { End } from "./end.js";
import type { FiguresPage } from "./figures.js";
import type { LettersPage } from "./letters.js";
import type { Live } from "./live.js";
import type { QueueName } from "./model.js";
import type { Open } from "./open.js";
import type { Route } from "./route.js";
import type { Texts } from "./texts/index.js";
import type { Writing } from "./writing.js";

/** The dialogs; at most one is open. */
export type DialogName = "" | "giveBack" | "transfer" | "resolve" | "canned" | "password" | "help";

/** What the parts of the desk draw from, and what they may do. */
export interface View {
  readonly texts: Texts;
  readonly shared: StaffTexts;
  readonly look: Look;
  readonly language: Language;
  /** Language tag for dates, such as `en-GB`. */
  readonly locale: string;
  readonly session: Session;
  readonly staff: Staff;
  readonly route: Route;
  readonly live: Live;
  /** Rises whenever lengths of time are counted anew. */
  readonly tick: number;
  /** The conversation on the desk; null when none is. */
  readonly open: Open | null;
  readonly editor: Editor;
  readonly writing: Writing;
  readonly figures: FiguresPage;
  readonly audit: AuditLog;
  readonly letters: LettersPage;
  /** Has queues and conversations: an agent or a manager. */
  readonly atDesk: boolean;
  readonly queue: QueueName;
  readonly dialog: DialogName;
  /** Fields that were named when the dialog was opened. */
  readonly dialogFields: readonly string[];
  /** What is looked for among the ready-made answers. */
  readonly search: string;
  /** On a narrow screen: the case or the conversation. */
  readonly side: "case" | "talk";
  /** The field whose provenance is shown; empty for none. */
  readonly source: string;
  /** It is told above the field, for there is no room below. */
  readonly sourceUp: boolean;
  /** Log events that the field in question came from. */
  readonly lit: readonly string[];
  /** Somebody has just come into the queue of those who wait. */
  readonly news: boolean;
  readonly sound: boolean;
  readonly shortcuts: boolean;
  readonly acts: Acts;
  readonly end: End;
  /** The conversation is this agent's own. */
  readonly mine: boolean;
  show(route: Route): void;
  setQueue(queue: QueueName): void;
  setSide(side: "case" | "talk"): void;
  setSound(on: boolean): void;
  setShortcuts(on: boolean): void;
  setDialog(dialog: DialogName, fields?: readonly string[]): void;
  setSearch(search: string): void;
  showSource(field: string, up?: boolean): void;
  goTo(event: string): void;
  speak(language: Language): void;
  /** Does it, and says so when it fails. */
  attempt(work: () => Promise<unknown>): Promise<void>;
  /** Goes to where one writes; `then` gets it when it is there. */
  toWriting(then?: (area: HTMLTextAreaElement) => void): void;
  tell(text: string): void;
}
