import { Problem } from "./api.js";

/** The one field of the case that is being changed, if any. */
export class CaseEditor {
  field: string | null = null;
  busy = false;
  /** Why the last value was not taken; empty when there is nothing to say. */
  fault = "";

  constructor(
    private readonly correct: (field: string, value: string) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  open(field: string): void {
    this.field = field;
    this.fault = "";
    this.changed();
  }

  close(): void {
    this.field = null;
    this.changed();
  }

  /** Asks the edge to change the field; stays open, with the reason, when it will not. */
  async save(value: string, failed: string): Promise<void> {
    const field = this.field;
    if (!field || this.busy) return;
    this.busy = true;
    this.changed();
    try {
      await this.correct(field, value);
      this.field = null;
    } catch (error) {
      this.fault = (error instanceof Problem && error.detail) || failed;
    }
    this.busy = false;
    this.changed();
  }
}
