import type { CaseView, Choice, LogEvent, MessageEvent, OwnerEvent } from "./model.js";

/** What a conversation looks like after some of its log: a pure fold, the same in every tab. */
export interface Log {
  readonly cursor: string;
  readonly messages: readonly MessageEvent[];
  readonly case: CaseView | null;
  readonly owner: Pick<OwnerEvent, "owner" | "position" | "expected_minutes" | "agent">;
  /** The customer's newest message that still waits for the bot; empty when none does. */
  readonly unanswered: string;
}

export const START = "0-0";
export const EMPTY: Log = {
  cursor: START,
  messages: [],
  case: null,
  owner: { owner: "bot" },
  unanswered: "",
};

/** Order of two stream ids (`<milliseconds>-<sequence>`): negative, zero or positive. */
export function compareIds(a: string, b: string): number {
  const [a1 = "0", a2 = "0"] = a.split("-");
  const [b1 = "0", b2 = "0"] = b.split("-");
  return Number(a1) - Number(b1) || Number(a2) - Number(b2);
}

/** The log with one more event; an event that was already seen changes nothing. */
export function append(log: Log, event: LogEvent): Log {
  if (compareIds(event.id, log.cursor) <= 0) return log;
  const next = { ...log, cursor: event.id };
  switch (event.type) {
    case "message": {
      const asks = event.from === "customer" && log.owner.owner === "bot";
      const unanswered = asks ? event.id : log.unanswered;
      return { ...next, messages: [...log.messages, event], unanswered };
    }
    case "case":
      return { ...next, case: event.case };
    case "owner":
      return { ...next, owner: event, unanswered: "" };
    case "turn": {
      const done = compareIds(event.answers, log.unanswered || START) >= 0;
      return { ...next, unanswered: done ? "" : log.unanswered };
    }
    default:
      return next;
  }
}

/**
 * The quick replies that still make sense: those of the last word, until it is answered. After the
 * end the bot's make none; only what is asked about the end itself does.
 */
export function openChoices(log: Log): readonly Choice[] {
  const last = log.messages.at(-1);
  if (!last || last.from === "customer") return [];
  if (log.owner.owner === "closed" && last.from !== "system") return [];
  return last.choices ?? [];
}
