/** The development mailbox as the edge serves it. */

export interface Attachment {
  name: string;
  type: string;
  bytes: number;
}

export interface MailSummary {
  id: string;
  from: string;
  to: string;
  subject: string;
  at: string;
  case: string | null;
  attachments: Attachment[];
}

export interface Mail extends MailSummary {
  text: string;
  html: string;
  headers: Record<string, string>;
}

const ROOT = "/mailbox/messages";

export async function listMails(): Promise<MailSummary[]> {
  return (await got<{ messages: MailSummary[] }>(ROOT)).messages;
}

export function readMail(id: string): Promise<Mail> {
  return got(`${ROOT}/${encodeURIComponent(id)}`);
}

export function attachmentUrl(id: string, index: number): string {
  return `${ROOT}/${encodeURIComponent(id)}/attachments/${index}`;
}

export function rawUrl(id: string): string {
  return `${ROOT}/${encodeURIComponent(id)}/raw`;
}

/** A JSON attachment, indented for reading; as it came when it is not JSON after all. */
export async function readJson(id: string, index: number): Promise<string> {
  const text = await (await fetch(attachmentUrl(id, index))).text();
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Answers a mail in the name of whoever got it. */
export async function sendReply(id: string, text: string): Promise<void> {
  const answer = await fetch(`${ROOT}/${encodeURIComponent(id)}/replies`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ text }),
  });
  if (!answer.ok) throw new Error(`The mailbox answered ${answer.status}.`);
}

async function got<T>(url: string): Promise<T> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The mailbox answered ${answer.status}.`);
  return answer.json() as Promise<T>;
}
