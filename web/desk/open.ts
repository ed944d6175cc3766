import { Problem } from "../staff/api.js";
import { Line, type Listener } from "../staff/line.js";
import { compareIds } from "../widget/log.js";
import type { ServerEvent } from "../widget/sse.js";
import { type DeskApi, pathOf } from "./api.js";
import type { Opened, Outcome, StaffEvent, Whole } from "./model.js";

/** A message or note on its way to the log. */
export interface Sending {
  id: string;
  note: boolean;
  text: string;
  /** Why it was refused; empty while it is on its way. */
  fault: string;
}

/** The conversation on the desk: what is known of it, kept up to date, and what can be done. */
export class Open implements Listener {
  whole: Whole | null = null;
  good: boolean | null = null;
  /** It cannot be shown: why, in words. */
  refusal = "";
  sending: Sending[] = [];
  /** The account number in full, once asked for. */
  revealed = "";
  private line: Line | null = null;
  private reading = false;
  private stale = false;

  constructor(
    private readonly api: DeskApi,
    readonly id: string,
    private readonly changed: () => void,
    /** Something was said or happened that is new. */
    private readonly heard: (event: StaffEvent) => void,
  ) {
    void this.begin();
  }

  get now(): Opened | null {
    return this.whole?.conversation ?? null;
  }

  /** A conversation whose page is hidden gives its stream back; browsers allow six to a host. */
  follow(visible: boolean): void {
    if (!this.whole) return;
    if (!visible) this.close();
    else this.line ??= new Line(this.api.staff, `${pathOf(this.id)}/events`, this);
  }

  close(): void {
    this.line?.close();
    this.line = null;
  }

  cursor(): string {
    return this.whole?.cursor ?? "";
  }

  async opened(): Promise<void> {}

  told(good: boolean): void {
    if (this.good === good) return;
    this.good = good;
    this.changed();
  }

  refused(problem: Problem): void {
    this.refusal = problem.detail;
    this.changed();
  }

  take({ id, event, data }: ServerEvent): void {
    if (event === "earlier") return this.list(data);
    const entry = { ...JSON.parse(data), id, type: event } as StaffEvent;
    if (!this.whole || compareIds(entry.id, this.whole.cursor) <= 0) return;
    this.whole = { ...this.whole, cursor: entry.id, events: [...this.whole.events, entry] };
    this.sending = stillSending(this.sending, entry);
    this.heard(entry);
    // What an event changes beside the log is the edge's to say.
    if (changesMore(entry)) void this.again().catch(() => undefined);
    this.changed();
  }

  /** Another conversation of the account was filed or changed. */
  private list(data: string): void {
    const { earlier } = JSON.parse(data) as Pick<Whole, "earlier">;
    if (!this.whole) return;
    this.whole = { ...this.whole, earlier };
    this.changed();
  }

  /** Reads everything anew, once more when something has happened meanwhile. */
  async again(): Promise<void> {
    this.stale = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.stale) {
        this.stale = false;
        const whole = await this.api.read(this.id);
        if (compareIds(whole.cursor, this.cursor()) < 0) this.stale = true;
        else this.whole = whole;
      }
    } finally {
      this.reading = false;
    }
    this.changed();
  }

  claim = () => this.act((now) => this.api.claim(now));
  release = () => this.act((now) => this.api.release(now));
  reopen = () => this.act((now) => this.api.reopen(now));
  giveBack = (fields: string[]) => this.act((now) => this.api.giveBack(now, fields));
  transfer = (to: string) => this.act((now) => this.api.transfer(now, to));
  resolve = (outcome: Outcome, text: string) =>
    this.act((now) => this.api.resolve(now, outcome, text));

  /** Raises `Problem` with the reason when the old value stays, 409 when somebody was faster. */
  async edit(field: string, value: string, botWrong: boolean): Promise<void> {
    if (!this.whole) return;
    const { case_version, case: it } = await this.meeting((now) =>
      this.api.edit(now, field, value, botWrong),
    );
    this.put({ case_version });
    this.whole = { ...this.whole, case: it };
    this.changed();
  }

  async reveal(): Promise<void> {
    this.revealed = (await this.api.accountNumber(this.id)).account_number;
    this.changed();
  }

  async send(text: string, note: boolean): Promise<void> {
    const item: Sending = { id: crypto.randomUUID(), note, text, fault: "" };
    this.sending = [...this.sending, item];
    this.changed();
    await this.post(item);
  }

  async post(item: Sending): Promise<void> {
    item.fault = "";
    try {
      await (item.note
        ? this.api.note(this.id, item.id, item.text)
        : this.api.say(this.id, item.id, item.text));
      this.drop(item);
    } catch (error) {
      item.fault = (error instanceof Problem && error.detail) || "?";
    }
    this.changed();
  }

  drop(item: Sending): void {
    this.sending = this.sending.filter((it) => it !== item);
    this.changed();
  }

  private async begin(): Promise<void> {
    try {
      this.whole = await this.api.read(this.id);
      this.follow(!document.hidden);
    } catch (error) {
      this.refusal = (error instanceof Problem && error.detail) || "?";
    }
    this.changed();
  }

  private async act(call: (now: Opened) => Promise<{ conversation: Opened }>): Promise<void> {
    if (!this.now) return;
    this.put((await this.meeting(call)).conversation);
    this.changed();
  }

  /** Does something that must not cross what somebody else does; then it is read how things are. */
  private async meeting<T>(call: (now: Opened) => Promise<T>): Promise<T> {
    try {
      return await call(this.now!);
    } catch (error) {
      if (error instanceof Problem && error.status === 409) await this.again();
      throw error;
    }
  }

  private put(parts: Partial<Opened>): void {
    if (!this.whole) return;
    this.whole = { ...this.whole, conversation: { ...this.whole.conversation, ...parts } };
  }
}

/** What is still on its way once `event` is in the log, which may be before the edge has answered. */
export function stillSending(sending: Sending[], event: StaffEvent): Sending[] {
  const note = event.type === "note";
  const said = event.type === "message" && event.from === "agent" ? event.text : undefined;
  const text = note ? event.private.text : said;
  const arrived = sending.find((it) => !it.fault && it.note === note && it.text === text);
  return sending.filter((it) => it !== arrived);
}

function changesMore(event: StaffEvent): boolean {
  if (event.type === "message") return Boolean(event.file);
  return event.type === "case" || event.type === "owner";
}
