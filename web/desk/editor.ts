import { Problem } from "../staff/api.js";
import type { StaffCase } from "./model.js";
import type { Open } from "./open.js";
import type { Texts } from "./texts/index.js";
import { wordsOf } from "./words.js";

/** The one field of the case that is being changed by hand, if any. */
export class Editor {
  field: string | null = null;
  busy = false;
  /** Why the last value was not taken; empty when there is nothing to say. */
  fault = "";
  /** What the field said when this agent last saw it. */
  private seen = "";

  constructor(private readonly changed: () => void) {}

  open(field: string, it: StaffCase): void {
    this.field = field;
    this.seen = wordsOf(it.fields[field]);
    this.fault = "";
    this.changed();
  }

  close(): void {
    this.field = null;
    this.changed();
  }

  /** Saves, but shows first what a colleague has written into the same field meanwhile. */
  async save(open: Open, value: string, botWrong: boolean, texts: Texts): Promise<void> {
    if (!this.field || this.busy || this.crossed(open, texts)) return;
    this.busy = true;
    this.changed();
    try {
      await this.attempt(open, value, botWrong);
      this.field = null;
    } catch (error) {
      const refusal = (error instanceof Problem && error.detail) || texts.failed;
      if (!this.crossed(open, texts)) this.fault = refusal;
    }
    this.busy = false;
    this.changed();
  }

  /** A change of another field meanwhile is no reason to bother anybody. */
  private async attempt(open: Open, value: string, botWrong: boolean): Promise<void> {
    try {
      await open.edit(this.field!, value, botWrong);
    } catch (error) {
      const untouched = this.valueNow(open) === this.seen;
      if (!(error instanceof Problem && error.status === 409 && untouched)) throw error;
      await open.edit(this.field!, value, botWrong);
    }
  }

  private crossed(open: Open, texts: Texts): boolean {
    const now = this.valueNow(open);
    if (now === this.seen) return false;
    this.seen = now;
    this.fault = texts.changedMeanwhile(now);
    this.changed();
    return true;
  }

  private valueNow(open: Open): string {
    return wordsOf(open.whole?.case.fields[this.field!]);
  }
}
