/** The customer API's values, as the edge sends them. */

export interface Choice {
  id: string;
  label: string;
}

export interface FileInfo {
  file: string;
  name: string;
  type: string;
  bytes: number;
}

export type Speaker = "customer" | "bot" | "agent" | "system";
export type OwnerName = "bot" | "waiting" | "agent" | "closed";

interface Entry {
  /** Redis stream id, which is also the cursor. */
  id: string;
  /** RFC 3339. */
  at: string;
}

export interface MessageEvent extends Entry {
  type: "message";
  from: Speaker;
  text: string;
  choices?: Choice[];
  file?: FileInfo;
}

export interface CaseEvent extends Entry {
  type: "case";
  case: CaseView;
}

export interface OwnerEvent extends Entry {
  type: "owner";
  owner: OwnerName;
  position?: number;
  /** About how long the customer still waits. */
  expected_minutes?: number;
  agent?: string;
}

export interface TurnEvent extends Entry {
  type: "turn";
  answers: string;
}

export type LogEvent = MessageEvent | CaseEvent | OwnerEvent | TurnEvent;

export type FieldState =
  "stated" | "inferred" | "verified" | "corrected" | "refused" | "unknown" | "missing";

export interface StepTried {
  step: string;
  verbatim?: string;
  result?: string | null;
}

export interface CaseField {
  value?: string | StepTried[] | null;
  state?: FieldState;
  verbatim?: string;
  /** The field's name in words, in the operator's language. */
  label?: string;
}

export interface CaseView {
  case: string | null;
  revision: number;
  status: "draft" | "filed";
  category?: string | null;
  problem?: string | null;
  subject?: string | null;
  fields: Record<string, CaseField>;
  missing: { field: string; why: "refused" | "unknown" | "not_asked" }[];
  confirmed_by_customer?: boolean;
  response_time?: string | null;
}

/** How many files a conversation takes, and how large each may be. */
export interface FileLimits {
  most: number;
  megabytes: number;
}

export interface ServiceStatus {
  files?: FileLimits;
  open: boolean;
  next_opening: string | null;
  incidents: Incident[];
}

export interface Incident {
  id?: string;
  title?: string;
  text?: string;
}

export interface Session {
  conversation: string;
  token: string;
  /** Opened for a customer that the site had signed in. */
  identified: boolean;
}
