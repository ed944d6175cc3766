import { localeOf } from "../widget/dates.js";
import { Store } from "../widget/store.js";
import { type Language, languageOf } from "../widget/texts/index.js";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** How a member of staff likes the pages in this browser: language and colours. */
export class Look {
  readonly store = new Store("localStorage", "firstline:staff:");

  constructor() {
    this.wear(this.theme);
  }

  get language(): Language {
    return this.store.get<Language>("lang") ?? languageOf(navigator.language);
  }

  set language(language: Language) {
    this.store.set("lang", language);
  }

  /** Language tag for dates, such as `en-GB`. */
  get locale(): string {
    return localeOf(this.language, navigator.languages);
  }

  get theme(): Theme {
    return this.store.get<Theme>("theme") ?? "system";
  }

  set theme(theme: Theme) {
    this.store.set("theme", theme);
    this.wear(theme);
  }

  private wear(theme: Theme): void {
    document.documentElement.dataset.theme = theme;
  }
}
