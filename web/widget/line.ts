import { type CustomerApi, Problem } from "./api.js";
import { backoff, pause } from "./backoff.js";
import type { LogEvent, Session } from "./model.js";

/** A conversation the edge no longer knows, or whose token it no longer takes. */
export const isGone = (error: unknown): boolean =>
  error instanceof Problem && [401, 404, 410].includes(error.status);

export type Link = "idle" | "connecting" | "live" | "lost";

/** The edge sends something at least this often; longer silence is a dead connection. */
const SILENCE_MS = 45_000;
/** A tab that nobody looks at gives its connection back after this long, and asks now and then. */
const HIDDEN_MS = 30_000;
const ASK_MS = 15_000;

export interface Listener {
  cursor(): string;
  take(events: readonly LogEvent[], isNew: boolean): void;
  changed(link: Link): void;
  gone(): void;
}

/**
 * Keeps one conversation's log coming: first what there is, then a stream, renewed for ever.
 *
 * Browsers allow six connections to one host over HTTP/1.1, which all tabs share; hence hidden
 * tabs only ask now and then.
 */
export class Line {
  private link: Link = "idle";
  private attempt = new AbortController();
  private closed = false;
  private hidden = false;
  private watch: ReturnType<typeof setTimeout> | undefined;
  private hide: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: CustomerApi,
    private readonly session: Session,
    private readonly fresh: boolean,
    private readonly listener: Listener,
  ) {
    document.addEventListener("visibilitychange", this.looked);
    window.addEventListener("online", this.renew);
    window.addEventListener("offline", this.renew);
    void this.run();
  }

  close(): void {
    this.closed = true;
    document.removeEventListener("visibilitychange", this.looked);
    window.removeEventListener("online", this.renew);
    window.removeEventListener("offline", this.renew);
    clearTimeout(this.watch);
    clearTimeout(this.hide);
    this.attempt.abort();
  }

  /** Connects anew at once. */
  renew = (): void => {
    this.attempt.abort();
  };

  private looked = (): void => {
    clearTimeout(this.hide);
    const hidden = document.hidden;
    const change = () => {
      if (this.hidden === hidden) return;
      this.hidden = hidden;
      this.renew();
    };
    if (hidden) this.hide = setTimeout(change, HIDDEN_MS);
    else change();
  };

  private async run(): Promise<void> {
    let failures = 0;
    let caughtUp = false;
    const worked = () => {
      failures = 0;
      this.alive();
    };
    while (!this.closed) {
      this.attempt = new AbortController();
      try {
        if (this.link !== "live") this.tell("connecting");
        if (!caughtUp) await this.catchUp(this.fresh, worked);
        caughtUp = true;
        if (this.hidden) {
          await this.catchUp(true, worked);
          await pause(ASK_MS, this.attempt.signal);
          continue;
        }
        await this.stream(worked);
      } catch (error) {
        if (this.closed) return;
        if (isGone(error)) return this.listener.gone();
        if (!this.attempt.signal.aborted) this.tell("lost");
      }
      if (!this.attempt.signal.aborted) await pause(backoff(failures++), this.attempt.signal);
    }
  }

  /** Reads what is there already, page by page. */
  private async catchUp(isNew: boolean, worked: () => void): Promise<void> {
    for (;;) {
      const page = await this.api.page(this.session, this.listener.cursor(), this.attempt.signal);
      worked();
      if (page.length === 0 || this.closed) return;
      this.listener.take(page, isNew);
    }
  }

  private async stream(worked: () => void): Promise<void> {
    const { api, session, listener, attempt } = this;
    for await (const event of api.follow(session, listener.cursor(), attempt.signal, worked)) {
      if (attempt.signal.aborted) return;
      listener.take([event], true);
    }
  }

  /** Something came: the line is good, and silence counts from now. */
  private alive(): void {
    this.tell("live");
    clearTimeout(this.watch);
    this.watch = setTimeout(this.renew, SILENCE_MS);
  }

  private tell(link: Link): void {
    if (this.closed || this.link === link) return;
    this.link = link;
    this.listener.changed(link);
  }
}
