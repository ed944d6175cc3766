import { type CustomerApi, type MessageBody, Problem } from "./api.js";
import { backoff, pause } from "./backoff.js";
import { append, EMPTY, type Log } from "./log.js";
import type { Choice, LogEvent, MessageEvent, Session } from "./model.js";
import { Outbox, type Outgoing } from "./outbox.js";
import { Store } from "./store.js";

/** A conversation the edge no longer knows, or whose token it no longer takes. */
const GONE = new Set([401, 403, 404, 410]);

export type Link = "idle" | "connecting" | "live" | "lost";

/**
 * One customer's conversation in this tab: its log, what is on its way, and the line to the edge.
 *
 * `listen` is told of every change; `heard` of every new log entry, with whether it is news or
 * merely history being read again.
 */
export class Conversation {
  log: Log = EMPTY;
  link: Link = "idle";
  readonly outbox: Outbox;
  private session: Session | null;
  private following: AbortController | null = null;
  private readonly shared: Store;

  constructor(
    readonly api: CustomerApi,
    private readonly changed: () => void,
    private readonly heard: (event: LogEvent, isNew: boolean) => void,
    private readonly identity: () => string | null,
  ) {
    this.shared = new Store("localStorage", `firstline:${api.base}:`);
    this.session = this.shared.get<Session>("session");
    const own = new Store("sessionStorage", `firstline:${api.base}:`);
    this.outbox = new Outbox(own, (body) => this.post(body), changed);
  }

  get started(): boolean {
    return this.session !== null;
  }

  /** The bot owes an answer: from the customer's send until the turn that answers it. */
  get typing(): boolean {
    const waits = this.log.unanswered !== "" || this.outbox.sending;
    return waits && this.log.owner.owner === "bot" && this.link !== "lost";
  }

  /** Goes on where this browser left off; does nothing when there is nothing to go on with. */
  resume(): void {
    if (this.session && !this.following) void this.follow(this.session);
    void this.outbox.flush();
  }

  say(text: string): void {
    this.outbox.add({ text }, text);
  }

  choose(choice: Choice): void {
    this.outbox.add({ choice: choice.id }, choice.label);
  }

  async correct(field: string, value: string): Promise<void> {
    if (!this.session) return;
    await this.api.correct(this.session, field, value);
  }

  retry(item: Outgoing): void {
    this.outbox.retry(item);
  }

  /** Leaves this conversation behind; the next message opens a new one. */
  forget(): void {
    this.following?.abort();
    this.following = null;
    this.session = null;
    this.shared.set("session", null);
    this.log = EMPTY;
    this.link = "idle";
    this.changed();
  }

  private async post(body: MessageBody): Promise<{ event: string }> {
    const session = await this.opened();
    try {
      return await this.api.say(session, body);
    } catch (error) {
      if (!(error instanceof Problem && GONE.has(error.status))) throw error;
      this.forget();
      return this.api.say(await this.opened(), body);
    }
  }

  private async opened(): Promise<Session> {
    if (this.session) return this.session;
    const { conversation, token } = await this.api.open(this.identity());
    this.session = { conversation, token };
    this.shared.set("session", this.session);
    void this.follow(this.session);
    return this.session;
  }

  private async follow(session: Session): Promise<void> {
    this.following?.abort();
    const line = new AbortController();
    this.following = line;
    let failures = 0;
    while (!line.signal.aborted) {
      try {
        this.connected("connecting", line);
        if (this.log === EMPTY) this.take(await this.api.history(session), false);
        await this.listen(session, line, () => {
          failures = 0;
        });
      } catch (error) {
        if (error instanceof Problem && GONE.has(error.status)) return this.forget();
        this.connected("lost", line);
      }
      await pause(backoff(failures++), line.signal);
    }
  }

  private async listen(session: Session, line: AbortController, worked: () => void) {
    const opened = () => {
      worked();
      this.connected("live", line);
    };
    for await (const event of this.api.follow(session, this.log.cursor, line.signal, opened)) {
      if (line.signal.aborted) return;
      this.take([event], true);
    }
  }

  private connected(link: Link, line: AbortController): void {
    if (line.signal.aborted || this.link === link) return;
    // A stream that is renewed is not a loss worth telling anybody about.
    if (link === "connecting" && this.link === "live") return;
    this.link = link;
    this.changed();
  }

  private take(events: readonly LogEvent[], isNew: boolean): void {
    for (const event of events) {
      const before = this.log;
      this.log = append(before, event);
      if (this.log !== before) this.heard(event, isNew);
    }
    const own = (event: LogEvent): event is MessageEvent =>
      event.type === "message" && event.from === "customer";
    this.outbox.settle(this.log.cursor, events.filter(own));
    this.changed();
  }
}
