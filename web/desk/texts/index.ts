import type { Language } from "../../widget/texts/index.js";
import { en, type Texts } from "./en.js";

export type { Texts };

const load: Record<Language, () => Promise<Texts>> = {
  en: async () => en,
  de: async () => (await import("./de.js")).de,
  ru: async () => (await import("./ru.js")).ru,
};

/** The desk's texts in one language; only English comes with the page itself. */
export function textsOf(language: Language): Promise<Texts> {
  return load[language]();
}
