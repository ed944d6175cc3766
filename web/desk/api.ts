import type { StaffApi } from "../staff/api.js";
import type {
  AuditPage,
  Canned,
  Colleague,
  DeadLetter,
  Figures,
  Opened,
  Outcome,
  Row,
  RowQueue,
  StaffCase,
  Status,
  Whole,
} from "./model.js";

export type Queues = Record<RowQueue, Row[]> & { dead: DeadLetter[] };
type Now = { conversation: Opened };

/** The desk's calls; all raise what `StaffApi` raises, 409 when things are not as the page thought. */
export class DeskApi {
  constructor(readonly staff: StaffApi) {}

  queues(): Promise<Queues> {
    return this.staff.call("GET", "/queues");
  }

  presence(): Promise<{ staff: Colleague[] }> {
    return this.staff.call("GET", "/presence");
  }

  be(status: Status): Promise<void> {
    return this.staff.call("PUT", "/presence", { status });
  }

  read(conversation: string): Promise<Whole> {
    return this.staff.call("GET", pathOf(conversation));
  }

  /** The conversation that a case number belongs to. */
  find(number: string): Promise<{ conversation: string }> {
    return this.staff.call("GET", `/cases/${encodeURIComponent(number)}`);
  }

  canned(): Promise<{ replies: Canned[] }> {
    return this.staff.call("GET", "/canned");
  }

  claim({ conversation, epoch }: Opened): Promise<Now> {
    return this.post(conversation, "claim", { epoch });
  }

  release({ conversation, epoch }: Opened): Promise<Now> {
    return this.post(conversation, "release", { epoch });
  }

  /** Gives it back to the bot, with the fields that it is to ask for and then come back. */
  giveBack({ conversation, epoch }: Opened, fields: string[]): Promise<Now> {
    return this.post(conversation, "return", { epoch, fields });
  }

  transfer({ conversation, epoch }: Opened, to: string): Promise<Now> {
    return this.post(conversation, "transfer", { epoch, to });
  }

  resolve({ conversation, epoch }: Opened, outcome: Outcome, text: string): Promise<Now> {
    return this.post(conversation, "resolve", { epoch, outcome, ...(text && { text }) });
  }

  reopen({ conversation, epoch }: Opened): Promise<Now> {
    return this.post(conversation, "reopen", { epoch });
  }

  /** The same `id` again changes nothing. */
  say(conversation: string, id: string, text: string): Promise<unknown> {
    return this.post(conversation, "messages", { id, text });
  }

  note(conversation: string, id: string, text: string): Promise<unknown> {
    return this.post(conversation, "notes", { id, text });
  }

  edit(
    { conversation, case_version }: Opened,
    field: string,
    value: string,
    botWrong: boolean,
  ): Promise<{ case: StaffCase; case_version: number }> {
    const body = { field, value, case_version, bot_wrong: botWrong };
    return this.staff.call("PATCH", `${pathOf(conversation)}/case`, body);
  }

  /** The whole account number; that it was looked at is put on record. */
  accountNumber(conversation: string): Promise<{ account_number: string }> {
    return this.staff.call("GET", `${pathOf(conversation)}/account-number`);
  }

  dead(): Promise<{ dead: DeadLetter[] }> {
    return this.staff.call("GET", "/dead");
  }

  replay(deadLetter: string): Promise<unknown> {
    return this.staff.call("POST", `/dead/${encodeURIComponent(deadLetter)}/replay`);
  }

  figures(days: number): Promise<Figures> {
    return this.staff.call("GET", `/figures?days=${days}`);
  }

  /** The audit log, newest first, from before the entry with this id; null for the newest. */
  audit(before: string | null): Promise<AuditPage> {
    return this.staff.call("GET", before ? `/audit?before=${before}` : "/audit");
  }

  private post<T>(conversation: string, what: string, body: object): Promise<T> {
    return this.staff.call("POST", `${pathOf(conversation)}/${what}`, body);
  }
}

export function pathOf(conversation: string): string {
  return `/conversations/${encodeURIComponent(conversation)}`;
}

/** Address of a file of a conversation, for links. */
export function fileUrl(conversation: string, file: string): string {
  return `/api/v1/staff${pathOf(conversation)}/files/${encodeURIComponent(file)}`;
}
