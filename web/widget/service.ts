import type { CustomerApi } from "./api.js";
import type { ServiceStatus } from "./model.js";

const EVERY_MS = 60_000;

/** Whether people are there and what is known to be broken; asked while somebody looks. */
export class Service {
  status: ServiceStatus | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly api: CustomerApi,
    private readonly changed: () => void,
  ) {}

  start(): void {
    this.stop();
    this.timer = setInterval(() => void this.ask(), EVERY_MS);
    void this.ask();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async ask(): Promise<void> {
    try {
      this.status = await this.api.status();
      this.changed();
    } catch {
      // What was known stays; the conversation itself shows when there is no connection.
    }
  }
}
