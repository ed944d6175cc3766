import { type MessageBody, Problem } from "./api.js";
import { backoff, pause } from "./backoff.js";
import { compareIds } from "./log.js";
import type { MessageEvent } from "./model.js";
import type { Store } from "./store.js";

/** A message on its way; it keeps its id through every retry, so it arrives once. */
export interface Outgoing {
  body: MessageBody;
  /** What the customer sees: the text, or the label of the choice. */
  label: string;
  state: "sending" | "waiting" | "refused";
  /** Why the edge refused it, in plain words. */
  reason?: string;
  /** The log entry it became, once the edge has said so. */
  event?: string;
}

/** Messages that are not in the log yet, in order; kept for this tab across reloads. */
export class Outbox {
  private items: Outgoing[];
  private busy = false;
  /** Ends the wait between two tries. */
  private wait = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly post: (body: MessageBody) => Promise<{ event: string }>,
    private readonly changed: () => void,
  ) {
    this.items = store.get<Outgoing[]>("outgoing") ?? [];
  }

  /** What is not in the log yet; whatever stands behind a message that waits, waits too. */
  get pending(): readonly Outgoing[] {
    let waiting = false;
    return this.items.map((item) => {
      waiting ||= item.state === "waiting";
      return waiting && item.state === "sending" ? { ...item, state: "waiting" } : item;
    });
  }

  get sending(): boolean {
    return this.pending.some((item) => item.state === "sending");
  }

  add(body: { text: string } | { choice: string }, label: string): void {
    const id = newId();
    this.items = [...this.items, { body: { id, ...body }, label, state: "sending" }];
    this.save();
    void this.flush();
  }

  retry(item: Outgoing): void {
    this.replace(item, { state: "sending" });
    void this.flush();
  }

  /** Tries at once instead of waiting. */
  hurry(): void {
    this.wait.abort();
  }

  drop(item: Outgoing): void {
    this.items = this.items.filter((other) => other.body.id !== item.body.id);
    this.save();
  }

  /** Sends what waits, first come first served; a temporary failure is tried again for ever. */
  async flush(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    let failures = 0;
    for (let item = this.next(); item; item = this.next()) {
      try {
        const { event } = await this.post(item.body);
        this.replace(item, { state: "sending", event });
        failures = 0;
      } catch (error) {
        if (error instanceof Problem && !error.temporary) {
          this.replace(item, { state: "refused", reason: error.detail });
          continue;
        }
        this.replace(item, { state: "waiting" });
        const asked = error instanceof Problem ? error.retryAfter * 1000 : 0;
        this.wait = new AbortController();
        await pause(Math.max(asked, backoff(failures++)), this.wait.signal);
      }
    }
    this.busy = false;
  }

  /** Takes out what the log now holds; the log may know sooner than the answer to the post. */
  settle(cursor: string, arrived: readonly MessageEvent[]): void {
    const before = this.items.length;
    for (const event of arrived) {
      const early = this.items.find((item) => !item.event && item.label === event.text);
      const known = this.items.some((item) => item.event === event.id);
      if (early && !known) early.event = event.id;
    }
    this.items = this.items.filter((item) => !item.event || compareIds(item.event, cursor) > 0);
    if (this.items.length !== before) this.save();
  }

  private next(): Outgoing | undefined {
    return this.items.find((item) => item.state !== "refused" && !item.event);
  }

  private replace(item: Outgoing, change: Partial<Outgoing>): void {
    this.items = this.items.map((other) =>
      other.body.id === item.body.id ? { ...other, ...change } : other,
    );
    this.save();
  }

  private save(): void {
    this.store.set("outgoing", this.items);
    this.changed();
  }
}

/** A random UUID; `crypto.randomUUID` is missing on pages without TLS. */
export function newId(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
