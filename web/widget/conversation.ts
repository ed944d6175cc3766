import { type CustomerApi, type MessageBody, Problem } from "./api.js";
import { isGone, Line, type Link } from "./line.js";
import { append, EMPTY, type Log } from "./log.js";
import type { Choice, FileInfo, LogEvent, MessageEvent, Session } from "./model.js";
import { Outbox } from "./outbox.js";
import { Store } from "./store.js";

export interface Hooks {
  /** Something to draw has changed. */
  changed(): void;
  /** A new log entry; `isNew` is false for history that is merely read again. */
  heard(event: LogEvent, isNew: boolean): void;
  /** The language that the customer reads. */
  language(): string;
  /** The signed-in customer's token, if the page has given one. */
  identity(): string | null;
  /** The edge does not take that token; the customer is helped all the same, as nobody known. */
  refused(reason: string): void;
}

/** One customer's conversation in this tab: its log, what is on its way, and the line to the edge. */
export class Conversation {
  log: Log = EMPTY;
  link: Link = "idle";
  /** What all tabs of this browser share; `Store` keys carry the edge's address. */
  readonly shared: Store;
  readonly outbox: Outbox;
  private session: Session | null;
  private opening: Promise<Session> | null = null;
  private line: Line | null = null;

  constructor(
    readonly api: CustomerApi,
    private readonly hooks: Hooks,
  ) {
    const prefix = `firstline:${api.base}:`;
    this.shared = new Store("localStorage", prefix);
    this.session = this.shared.get<Session>("session");
    const own = new Store("sessionStorage", prefix);
    this.outbox = new Outbox(own, (body) => this.post(body), hooks.changed);
    window.addEventListener("storage", ({ key }) => {
      if (key === `${prefix}session`) this.follow();
    });
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
    this.connect();
    void this.outbox.flush();
  }

  say(text: string): void {
    this.outbox.add({ text }, text);
  }

  choose(choice: Choice): void {
    this.outbox.add({ choice: choice.id }, choice.label);
  }

  /** Changes a field of the case. Raises `Problem` with the reason when the edge keeps the old one. */
  async correct(field: string, value: string): Promise<void> {
    if (this.session) await this.api.correct(this.session, field, value);
  }

  async upload(
    file: File,
    progress: (share: number) => void,
    stop: AbortSignal,
  ): Promise<FileInfo> {
    return this.api.upload(await this.opened(), file, progress, stop);
  }

  /** The bytes of a file of this conversation. */
  async file(id: string): Promise<Blob> {
    return this.api.file(await this.opened(), id);
  }

  /** The signed-in customer has left: what was said as that customer is not for the next one. */
  signedOut(): void {
    if (this.session?.identified) this.forget();
  }

  /** Goes over to the conversation that an e-mailed link opens. Raises `Problem` when it does not. */
  async takeOver(link: string): Promise<void> {
    const opened = { ...(await this.api.openLink(link)), identified: false };
    this.shared.set("session", opened);
    this.leave(opened);
    this.connect();
  }

  /** Leaves this conversation behind; the next message opens a new one. */
  forget(): void {
    this.shared.set("session", null);
    this.leave(null);
  }

  private leave(next: Session | null): void {
    this.line?.close();
    this.line = null;
    this.session = next;
    this.log = EMPTY;
    this.link = "idle";
    this.hooks.changed();
  }

  /** Does as another tab has done: goes over to its conversation, or leaves. */
  private follow(): void {
    const stored = this.shared.get<Session>("session");
    if (stored?.conversation === this.session?.conversation) return;
    this.leave(stored);
    this.connect();
  }

  private async post(body: MessageBody): Promise<{ event: string }> {
    const session = await this.opened();
    try {
      return await this.api.say(session, body);
    } catch (error) {
      if (!isGone(error)) throw error;
      this.forget();
      return this.api.say(await this.opened(), body);
    }
  }

  private opened(): Promise<Session> {
    if (this.session) return Promise.resolve(this.session);
    this.opening ??= this.open().finally(() => {
      this.opening = null;
    });
    return this.opening;
  }

  private async open(): Promise<Session> {
    const identity = this.hooks.identity();
    this.session = (identity && (await this.openAs(identity))) || {
      ...(await this.api.open(this.hooks.language(), null)),
      identified: false,
    };
    this.shared.set("session", this.session);
    this.connect(true);
    return this.session;
  }

  private async openAs(identity: string): Promise<Session | null> {
    try {
      return { ...(await this.api.open(this.hooks.language(), identity)), identified: true };
    } catch (error) {
      if (!(error instanceof Problem) || error.temporary) throw error;
      this.hooks.refused(error.detail);
      return null;
    }
  }

  /** Follows the log; in a conversation opened just now (`fresh`) all of it is news. */
  private connect(fresh = false): void {
    if (!this.session || this.line) return;
    this.line = new Line(this.api, this.session, fresh, {
      cursor: () => this.log.cursor,
      take: (events, isNew) => this.take(events, isNew),
      gone: () => this.forget(),
      changed: (link) => {
        this.link = link;
        this.hooks.changed();
      },
    });
  }

  private take(events: readonly LogEvent[], isNew: boolean): void {
    for (const event of events) {
      const before = this.log;
      this.log = append(before, event);
      if (this.log !== before) this.hooks.heard(event, isNew);
    }
    const own = (event: LogEvent): event is MessageEvent =>
      event.type === "message" && event.from === "customer";
    this.outbox.settle(this.log.cursor, events.filter(own));
    this.hooks.changed();
  }
}
