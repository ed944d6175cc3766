/** Dates in the customer's language and time zone; `lang` is a language tag (BCP 47). */

/** The tag for dates: of the given ones the first in that language, for `en-GB` is not `en-US`. */
export function localeOf(language: string, tags: readonly string[]): string {
  return tags.find((tag) => tag.slice(0, 2).toLowerCase() === language) ?? language;
}

export function clock(at: string, lang: string): string {
  return new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" });
}

export function fullDate(at: string, lang: string): string {
  return new Date(at).toLocaleString(lang, { dateStyle: "full", timeStyle: "short" });
}

/** The day of `at` in words; `today` when it is this one. */
export function dayName(at: string, lang: string, today: string): string {
  const date = new Date(at);
  if (date.toDateString() === new Date().toDateString()) return today;
  return date.toLocaleDateString(lang, { weekday: "long", day: "numeric", month: "long" });
}

/** A moment to come, as briefly as it can be said: the weekday with the time. */
export function weekdayTime(at: string, lang: string): string {
  return new Date(at).toLocaleString(lang, { weekday: "long", hour: "numeric", minute: "2-digit" });
}

export function sameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

const DATE = /^\d{4}-\d\d-\d\d$/;

/** A date with its weekday, as in "Fri, 20 Nov 2026"; whatever is no date stays as it is. */
export function dated(value: string, locale: string): string {
  if (!DATE.test(value)) return value;
  return new Date(`${value}T12:00`).toLocaleDateString(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}
