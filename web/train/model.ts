/** What the edge tells the workbench. */

export interface Near {
  text: string;
  label: string;
  score: number;
}

export interface Thought {
  model?: string;
  intent?: string | null;
  alone?: string | null;
  confidence?: number;
  ranking?: [string, number][];
  problem?: string | null;
  articles?: string[];
  asked?: string | null;
  asks?: string | null;
}

export interface Misread {
  id: string;
  at: string;
  text: string;
  reasons: string[];
  thought: Thought;
  lines: { who: string; text: string; here: boolean }[];
  nearest: Near[];
}

export interface Group {
  like: string;
  messages: Misread[];
}

export interface Inbox {
  reasons: Record<string, string>;
  fields: Record<string, string>;
  groups: Group[];
}

export interface Label {
  label: string;
  title: string;
  examples: number;
  category: string;
}

export interface Looked {
  text: string;
  nearest: Near[];
  nothing_new: string;
}

export interface Taught {
  example: string;
  file: string;
  test: string;
  /** What is still to be done, in words. */
  missing: string[];
  written: boolean;
}

export interface Item {
  kind: string;
  name: string;
  title: string;
  file: string;
  line: number;
  examples: number;
  used_by: string[];
}

export type Fields = Record<string, string | string[]>;

export interface Opened {
  kind: string;
  name: string;
  file: string;
  line: number;
  fields: Fields;
  used_by: string[];
  source: string;
}

export interface Finding {
  kind: string;
  severity: "error" | "warning";
  text: string;
}

export interface Edit {
  file: string;
  patch: string;
  findings: Finding[];
  written: boolean;
}

export interface Way {
  kind: "rule" | "story";
  name: string;
  file: string;
  line: number;
  steps: { kind: string; names: string[]; words: string }[];
}

export interface Job<T = unknown> {
  id: string;
  kind: string;
  state: "waiting" | "running" | "done" | "failed";
  stage: string;
  part: number;
  result: T | null;
  fault: string;
}

export interface Comparison {
  was: string;
  now: string;
  messages: number;
  right_was: number;
  right_now: number;
  changed_messages: { text: string; wanted: string; was: string; now: string }[];
  tests: number;
  passed_was: number;
  passed_now: number;
  changed_tests: { name: string; passes_now: boolean; faults: string[] }[];
  conversations: number;
  turns: number;
  differences: { conversation: string; event: string; text: string; was: string; now: string }[];
}

export interface Version {
  model: string;
  trained_at: string;
  by: string;
  why: string;
  seconds: number;
}

export interface Promotion {
  model: string;
  at: string;
  by: string;
  why: string;
  former: string;
}

export interface Versions {
  versions: Version[];
  history: Promotion[];
  live: string;
  former: string;
  present: string;
}
