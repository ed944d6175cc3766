import { Problem } from "../staff/api.js";
import type { DeskApi } from "./api.js";
import type { AuditEntry } from "./model.js";

/** The audit log as far as it has been read, newest first. */
export class AuditLog {
  entries: AuditEntry[] = [];
  /** There are older entries. */
  more = false;
  busy = false;
  /** Why it could not be read; empty when it could. */
  fault = "";
  private before: string | null = null;

  constructor(
    private readonly api: DeskApi,
    private readonly changed: () => void,
  ) {}

  /** Reads the newest entries; `failed` is what is said when the edge gives no reason. */
  start(failed: string): Promise<void> {
    this.entries = [];
    this.before = null;
    return this.older(failed);
  }

  async older(failed: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.fault = "";
    this.changed();
    try {
      const { entries, before } = await this.api.audit(this.before);
      this.entries = [...this.entries, ...entries];
      this.before = before;
      this.more = before !== null;
    } catch (error) {
      this.fault = (error instanceof Problem && error.detail) || failed;
    }
    this.busy = false;
    this.changed();
  }
}
