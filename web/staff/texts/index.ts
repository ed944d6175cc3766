import type { Language } from "../../widget/texts/index.js";
import { en, type StaffTexts } from "./en.js";

export type { StaffTexts };

const load: Record<Language, () => Promise<StaffTexts>> = {
  en: async () => en,
  de: async () => (await import("./de.js")).de,
  ru: async () => (await import("./ru.js")).ru,
};

/** The texts that all pages for staff share, in one language. */
export function staffTextsOf(language: Language): Promise<StaffTexts> {
  return load[language]();
}
