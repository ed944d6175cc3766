import type { StaffField } from "./model.js";

/** The text as a title begins. */
export function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase() + text.slice(1);
}

/** A field's value in words, a line each step; empty when it has none. */
export function wordsOf(field: Pick<StaffField, "value"> | undefined): string {
  const value = field?.value;
  if (!Array.isArray(value)) return value ?? "";
  return value
    .map(({ step, verbatim, result }) => (verbatim || step) + (result ? ` – ${result}` : ""))
    .join("\n");
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time as briefly as can be said: "40 sec", "4 min", "2 hr 5 min", "3 days". */
export function duration(seconds: number, locale: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const say = (value: number, unit: string) => formatOf(locale, unit).format(value);
  if (whole < MINUTE) return say(whole, "second");
  if (whole < HOUR) return say(Math.floor(whole / MINUTE), "minute");
  if (whole >= 2 * DAY) return say(Math.floor(whole / DAY), "day");
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const hours = say(Math.floor(whole / HOUR), "hour");
  return minutes ? `${hours} ${say(minutes, "minute")}` : hours;
}

const formats = new Map<string, Intl.NumberFormat>();

/** Made once for each language and unit: making one takes longer than all that is done with it. */
function formatOf(locale: string, unit: string): Intl.NumberFormat {
  const key = `${locale} ${unit}`;
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
  formats.set(key, made);
  return made;
}

/** How long it is since `at` (RFC 3339). */
export function since(at: string, locale: string, now = Date.now()): string {
  return duration((now - Date.parse(at)) / 1000, locale);
}

const SLOT = /\{[a-z][a-z0-9_]*\}/g;

/** A ready-made text with what is known filled in; slots without a value stay for the agent. */
export function filled(text: string, slots: Record<string, string>): string {
  return text.replace(SLOT, (slot) => slots[slot.slice(1, -1)] || slot);
}

/** The first slot that still has to be filled: where it begins and ends; null when none is left. */
export function openSlot(text: string): [from: number, to: number] | null {
  const match = new RegExp(SLOT.source).exec(text);
  return match ? [match.index, match.index + match[0].length] : null;
}
