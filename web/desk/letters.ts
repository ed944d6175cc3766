import { Problem } from "../staff/api.js";
import type { DeskApi } from "./api.js";
import type { DeadLetter } from "./model.js";

const REFRESH_MS = 10_000;

/** The dead letters for those who mend their cause and have no queues, read anew while looked at. */
export class LettersPage {
  /** Null until they have been read. */
  letters: DeadLetter[] | null = null;
  fault = "";
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly api: DeskApi,
    private readonly changed: () => void,
  ) {}

  start(failed: string): void {
    if (this.timer) return;
    this.timer = setInterval(() => {
      if (!document.hidden) void this.read(failed);
    }, REFRESH_MS);
    void this.read(failed);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Has it sent again; raises what the call raises. */
  async replay(id: string, failed: string): Promise<void> {
    try {
      await this.api.replay(id);
    } finally {
      await this.read(failed); // somebody else may have been first
    }
  }

  private async read(failed: string): Promise<void> {
    try {
      this.letters = (await this.api.dead()).dead;
      this.fault = "";
    } catch (error) {
      this.fault = (error instanceof Problem && error.detail) || failed;
    }
    this.changed();
  }
}
