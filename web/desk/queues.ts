import type { Queues } from "./api.js";
import { QUEUES, type Row, type RowQueue } from "./model.js";

/** What the edge tells of one row: where it is now, or that it is in no queue any more (""). */
export interface RowChange {
  queue: RowQueue | "";
  row: Row;
}

export const EMPTY: Queues = { waiting: [], mine: [], team: [], mail: [], dead: [] };

/** The queues with one row put where it belongs now; pure. */
export function moved(queues: Queues, { queue, row }: RowChange): Queues {
  const next = { ...queues };
  for (const name of ROW_QUEUES) {
    const others = queues[name].filter((it) => it.conversation !== row.conversation);
    if (name === queue) next[name] = [...others, row].sort(bySince);
    else if (others.length < queues[name].length) next[name] = others;
  }
  return next;
}

const ROW_QUEUES = QUEUES.filter((name): name is RowQueue => name !== "dead");

/** Who has waited longest comes first: the order in which customers are told their place. */
function bySince(a: Row, b: Row): number {
  return Date.parse(a.since) - Date.parse(b.since) || (a.conversation < b.conversation ? -1 : 1);
}
