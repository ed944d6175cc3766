import { fullDate } from "./dates.js";
import type { Log } from "./log.js";
import type { Texts } from "./texts/en.js";

/** The conversation as plain text, a paragraph a message. */
export function transcriptOf(log: Log, texts: Texts, lang: string): string {
  const number = log.case?.case;
  const heading = number ? texts.caseFiled(number) : texts.transcript;
  const paragraphs = log.messages.map(({ from, at, text, file }) => {
    const said = [text, file && `[${texts.file}: ${file.name}]`].filter(Boolean).join("\n");
    return `${texts.speakers[from]} · ${fullDate(at, lang)}\n${said}`;
  });
  return [heading, ...paragraphs].join("\n\n");
}

/** Saves `text` as a file on the customer's machine. */
export function download(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Opens `text` in a window of its own and prints it; no page rule forbids that, a strict CSP neither. */
export function print(text: string, title: string): void {
  const sheet = window.open("", "_blank");
  if (!sheet) return;
  const body = sheet.document.createElement("pre");
  body.textContent = text;
  body.style.whiteSpace = "pre-wrap";
  sheet.document.title = title;
  sheet.document.body.append(body);
  sheet.addEventListener("afterprint", () => sheet.close());
  sheet.print();
}
