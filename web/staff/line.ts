import { backoff, pause } from "../widget/backoff.js";
import type { ServerEvent } from "../widget/sse.js";
import { Problem, type StaffApi } from "./api.js";

/** The edge sends something at least this often; longer silence is a dead connection. */
const SILENCE_MS = 45_000;
/** Answers that will not change by asking again. */
const FOR_GOOD = [401, 403, 404];

export interface Listener {
  /** The event to go on from; empty for whatever comes next. */
  cursor(): string;
  /** The stream is open: what was missed before it can be read now. */
  opened(): Promise<void>;
  take(event: ServerEvent): void;
  /** The line is good, or broken. */
  told(good: boolean): void;
  /** The edge refuses for good: no right to it, or not there. */
  refused(problem: Problem): void;
}

/** Keeps one event stream of the edge coming, renewed for ever, until it is closed. */
export class Line {
  private attempt = new AbortController();
  private closed = false;
  private hurried = false;
  private watch: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: StaffApi,
    private readonly path: string,
    private readonly listener: Listener,
  ) {
    window.addEventListener("online", this.renew);
    window.addEventListener("offline", this.renew);
    void this.run();
  }

  close(): void {
    this.closed = true;
    window.removeEventListener("online", this.renew);
    window.removeEventListener("offline", this.renew);
    clearTimeout(this.watch);
    this.attempt.abort();
  }

  /** Connects anew at once. */
  renew = (): void => {
    this.hurried = true;
    this.attempt.abort();
  };

  private async run(): Promise<void> {
    let failures = 0;
    const heard = () => {
      failures = 0;
      this.listener.told(true);
      clearTimeout(this.watch);
      this.watch = setTimeout(this.renew, SILENCE_MS);
    };
    while (!this.closed) {
      this.attempt = new AbortController();
      this.hurried = false;
      try {
        await this.once(heard);
      } catch (error) {
        if (this.closed) return;
        if (error instanceof Problem && FOR_GOOD.includes(error.status)) {
          this.close();
          return this.listener.refused(error);
        }
      }
      if (this.closed) return;
      // A stream that merely ended is renewed before anybody need know.
      if (failures > 0 || !navigator.onLine) this.listener.told(false);
      if (!this.hurried) await pause(backoff(failures++), this.attempt.signal);
    }
  }

  private async once(heard: () => void): Promise<void> {
    const { api, path, listener, attempt } = this;
    let failure: unknown;
    const opened = () => {
      heard();
      listener.opened().catch((error: unknown) => {
        failure = error;
        attempt.abort();
      });
    };
    try {
      for await (const event of api.stream(
        path,
        listener.cursor(),
        attempt.signal,
        opened,
        heard,
      )) {
        if (attempt.signal.aborted) break;
        listener.take(event);
      }
    } catch (error) {
      throw failure ?? error;
    }
  }
}
