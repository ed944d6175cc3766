import { en, type Texts } from "./en.js";

export type { Texts };

/** The languages of the catalogue, by the names their speakers give them. */
export const LANGUAGES = { en: "English", de: "Deutsch", ru: "Русский" } as const;
export type Language = keyof typeof LANGUAGES;

const RIGHT_TO_LEFT = /^(ar|dv|fa|he|ps|sd|ug|ur|yi)\b/i;

const load: Record<Language, () => Promise<Texts>> = {
  en: async () => en,
  de: async () => (await import("./de.js")).de,
  ru: async () => (await import("./ru.js")).ru,
};

/** The catalogue's language for a language tag (BCP 47); English when it has none of its own. */
export function languageOf(tag: string): Language {
  const primary = tag.slice(0, 2).toLowerCase();
  return primary in LANGUAGES ? (primary as Language) : "en";
}

/** The texts of one language; only English comes with the widget itself. */
export function textsOf(language: Language): Promise<Texts> {
  return load[language]();
}

/** Which way a page in this language is read. */
export function directionOf(tag: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.test(tag) ? "rtl" : "ltr";
}
