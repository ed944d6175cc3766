import { Problem } from "../staff/api.js";
import type { DeskApi } from "./api.js";
import type { Figures } from "./model.js";

const REFRESH_MS = 10_000;

/** The managers' page, read anew every few seconds while it is looked at. */
export class FiguresPage {
  now: Figures | null = null;
  days = 7;
  fault = "";
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly api: DeskApi,
    private readonly changed: () => void,
  ) {}

  start(): void {
    if (this.timer) return;
    this.timer = setInterval(() => {
      if (!document.hidden) void this.read();
    }, REFRESH_MS);
    void this.read();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  show(days: number): void {
    this.days = days;
    void this.read();
  }

  private async read(): Promise<void> {
    try {
      this.now = await this.api.figures(this.days);
      this.fault = "";
    } catch (error) {
      this.fault = (error instanceof Problem && error.detail) || "?";
    }
    this.changed();
  }
}
