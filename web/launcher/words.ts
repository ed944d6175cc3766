interface Words {
  open: string;
  close: string;
}

const en: Words = { open: "Open help chat", close: "Close help chat" };
const all: Record<string, Words> = {
  de: { open: "Hilfe-Chat öffnen", close: "Hilfe-Chat schließen" },
  ru: { open: "Открыть чат поддержки", close: "Закрыть чат поддержки" },
};

/** The button's few words; the rest of the catalogue comes with the widget. */
export function words(lang: string): Words {
  return all[lang.slice(0, 2).toLowerCase()] ?? en;
}
