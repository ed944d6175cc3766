import type { Problem } from "../staff/api.js";
import { Line, type Listener } from "../staff/line.js";
import type { ServerEvent } from "../widget/sse.js";
import type { DeskApi, Queues } from "./api.js";
import type { Canned, Colleague, DeadLetter, Status } from "./model.js";
import { EMPTY, moved, type RowChange } from "./queues.js";

/** The queues and who is there, as they are now. While this is live, this agent counts as present. */
export class Live implements Listener {
  queues: Queues = EMPTY;
  people: Colleague[] = [];
  canned: Canned[] = [];
  /** Null until the edge has been reached once. */
  good: boolean | null = null;
  loaded = false;
  private line: Line | null = null;
  /** What has come while the queues were being read; it is newer, or the same. */
  private held: RowChange[] | null = null;

  constructor(
    private readonly api: DeskApi,
    private readonly changed: () => void,
    /** A conversation has come into the waiting queue. */
    private readonly arrived: (change: RowChange) => void,
    readonly refused: (problem: Problem) => void,
  ) {}

  begin(): void {
    this.line = new Line(this.api.staff, "/queues/events", this);
  }

  close(): void {
    this.line?.close();
  }

  cursor(): string {
    return "";
  }

  async opened(): Promise<void> {
    this.held = [];
    const [queues, presence, canned] = await Promise.all([
      this.api.queues(),
      this.api.presence(),
      this.api.canned(),
    ]);
    this.queues = this.held.reduce(moved, queues);
    this.held = null;
    this.people = presence.staff;
    this.canned = canned.replies;
    this.loaded = true;
    this.changed();
  }

  take({ event, data }: ServerEvent): void {
    const body = JSON.parse(data);
    if (event === "row") this.move(body as RowChange);
    if (event === "dead") this.queues = { ...this.queues, dead: body.dead as DeadLetter[] };
    if (event === "presence") this.people = body.staff as Colleague[];
    this.changed();
  }

  told(good: boolean): void {
    if (this.good === good) return;
    this.good = good;
    this.changed();
  }

  /** Available or away; the others see it at once. */
  async be(status: Status): Promise<void> {
    await this.api.be(status);
  }

  private move(change: RowChange): void {
    this.held?.push(change);
    const known = this.queues.waiting.some(
      ({ conversation }) => conversation === change.row.conversation,
    );
    this.queues = moved(this.queues, change);
    if (change.queue === "waiting" && !known) this.arrived(change);
  }
}
