import { compareIds, type Log, START } from "./log.js";
import type { Store } from "./store.js";

const BADGE = /^\(\d+\) /;

/** What the customer has seen: counts the rest, and puts the count into a hidden tab's title. */
export class Presence {
  private seen: string;

  constructor(
    private readonly store: Store,
    private readonly tell: (unread: number) => void,
  ) {
    this.seen = store.get<string>("seen") ?? START;
  }

  /** Looks again; `looking` says whether the messages are in front of the customer's eyes now. */
  update(log: Log, looking: boolean): void {
    const stored = this.store.get<string>("seen") ?? START;
    if (compareIds(stored, this.seen) > 0) this.seen = stored;
    if (looking && compareIds(log.cursor, this.seen) > 0) {
      this.seen = log.cursor;
      this.store.set("seen", this.seen);
    }
    const unread = log.messages.filter(
      ({ id, from }) => from !== "customer" && compareIds(id, this.seen) > 0,
    ).length;
    const title = document.title.replace(BADGE, "");
    const titled = unread > 0 && document.hidden ? `(${unread}) ${title}` : title;
    if (titled !== document.title) document.title = titled;
    this.tell(unread);
  }
}
