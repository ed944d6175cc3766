/** The desk API's values, as the edge sends them. */

import type {
  Choice,
  FieldState,
  FileInfo,
  OwnerName,
  Speaker,
  StepTried,
} from "../widget/model.js";

export type { Choice, FieldState, FileInfo, OwnerName, Speaker };

export const QUEUES = ["waiting", "mine", "team", "mail", "dead"] as const;
export type QueueName = (typeof QUEUES)[number];
export type RowQueue = Exclude<QueueName, "dead">;

/** One conversation in a queue. */
export interface Row {
  conversation: string;
  /** The case's number; null while it is not filed. */
  case: string | null;
  subject: string;
  priority: string;
  category: string;
  /** The kind of problem in words. */
  problem: string;
  device: string;
  /** RFC 3339: since when the customer waits, or the agent has it. */
  since: string;
  owner: OwnerName;
  agent: Person | null;
  missing: number;
  last: { from: Speaker; text: string; at: string } | null;
  unread: boolean;
  channel: "widget" | "mail";
  /** Why it came to a person, in words. */
  reason: string;
}

export interface Person {
  id: string;
  name: string;
}

/** Somebody at the desk; `has` conversations of `capacity`. */
export interface Colleague extends Person {
  status: Status;
  has: number;
}

export type Status = "available" | "away";

/** What an open conversation has beside its row; each action must name the epoch it has seen. */
export interface Opened extends Row {
  epoch: number;
  case_version: number;
  /** Fields that the bot was sent to ask for. */
  scope: string[];
  locale: string;
}

export interface StaffField {
  value?: string | StepTried[] | null;
  state: FieldState;
  verbatim?: string | null;
  /** Ids of the log events the value came from. */
  events?: string[];
  /** 0 to 1. */
  confidence?: number | null;
  /** Recognised code of an error message. */
  code?: string | null;
  /** Why a value that was kept as said does not fit. */
  invalid?: string | null;
}

export type Why = "refused" | "unknown" | "not_asked";

export interface StaffCase {
  case: string | null;
  revision: number;
  received_at: string | null;
  category: string;
  problem: string | null;
  problem_title: string;
  priority: string;
  priority_reasons: string[];
  subject: string;
  fields: Record<string, StaffField>;
  missing: { field: string; why: Why }[];
  confirmed_by_customer: boolean;
  handover: { to: string; reason: string } | null;
  incident: string | null;
  resolution?: Outcome | null;
}

interface Entry {
  id: string;
  /** RFC 3339. */
  at: string;
  private?: Record<string, unknown>;
}

export interface SaidEvent extends Entry {
  type: "message";
  from: Speaker;
  text?: string;
  agent?: string;
  choices?: Choice[];
  file?: FileInfo;
}

export interface NoteEvent extends Entry {
  type: "note";
  /** `survey` is what the customer answered to it, with a text if they wrote one. */
  private: { by: string; text?: string; survey?: string };
}

export interface CaseChange extends Entry {
  type: "case";
  case: StaffCase;
  case_version: number;
  private?: {
    by?: string;
    name?: string;
    bot_wrong?: boolean;
    edit?: { field: string; old: string | null; new: string | null } | null;
  };
}

export interface OwnerChange extends Entry {
  type: "owner";
  owner: OwnerName;
  agent?: string;
  position?: number;
}

export interface TurnEvent extends Entry {
  type: "turn";
  /** `asks` is what the bot waits for after it; a mail may ask for several fields. */
  private?: { asks?: string | string[] | null };
}

export type StaffEvent = SaidEvent | NoteEvent | CaseChange | OwnerChange | TurnEvent;

export interface EarlierCase {
  /** Null while it is not filed. */
  case: string | null;
  at: string;
  problem: string;
  outcome: Outcome | null;
  conversation: string;
}

/** Everything the desk shows of one conversation. */
export interface Whole {
  conversation: Opened;
  case: StaffCase;
  /** Names of the fields in words. */
  labels: Record<string, string>;
  events: StaffEvent[];
  cursor: string;
  earlier: EarlierCase[];
  incident: { name: string; title: string; text: string } | null;
  articles: { name: string; title: string }[];
  files: FileInfo[];
  /** What canned replies are filled with. */
  slots: Record<string, string>;
}

export const OUTCOMES = ["solved", "not_solved", "duplicate", "no_reply"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** A mail that will not be tried again unless somebody has it sent again. */
export interface DeadLetter {
  id: string;
  kind: string;
  case: string | null;
  to: string;
  subject: string;
  attempts: number;
  error: string;
  at: string;
  conversation: string | null;
}

/** A ready-made answer; `{slots}` in its text are filled from the case. */
export interface Canned {
  id: string;
  title: string;
  text: string;
}

/** Who of staff did what about what; `what` is a noun and a verb, `at` RFC 3339. */
export interface AuditEntry {
  id: string;
  at: string;
  staff: string;
  what: string;
  about: string;
  detail: Record<string, string>;
}

/** `before` asks for the older ones; null when there are none. */
export interface AuditPage {
  entries: AuditEntry[];
  before: string | null;
}

interface Spread {
  median: number | null;
  p90: number | null;
}

export interface DayFigures {
  /** ISO date. */
  date: string;
  conversations: number;
  handed_over: number;
  filed: number;
  self_solved: number;
  first_response_seconds: number | null;
  handling_seconds: number | null;
  completeness: number | null;
}

/** What managers see; null where nothing has happened yet. */
export interface Figures {
  at: string;
  waiting: number;
  longest_wait_seconds: number | null;
  with_agents: number;
  open_mail: number;
  first_response_seconds: Spread;
  handling_seconds: Spread;
  self_service: { solved: number; all: number };
  /** Share of the wanted fields that filed cases have, 0 to 1. */
  completeness: number | null;
  problems: { problem: string; title: string; count: number }[];
  days: DayFigures[];
}
