interface Words {
  open: string;
  close: string;
  unread(count: number): string;
  failed: string;
}

const en: Words = {
  open: "Open help chat",
  close: "Close help chat",
  unread: (count) => `${count} unread`,
  failed: "No connection. Please try again.",
};
const others: Record<string, Words> = {
  de: {
    open: "Hilfe-Chat öffnen",
    close: "Hilfe-Chat schließen",
    unread: (count) => `${count} ungelesen`,
    failed: "Keine Verbindung. Bitte noch einmal versuchen.",
  },
  ru: {
    open: "Открыть чат поддержки",
    close: "Закрыть чат поддержки",
    unread: (count) => `непрочитано: ${count}`,
    failed: "Нет связи. Попробуйте ещё раз.",
  },
};

/** The button's few words; the rest of the catalogue comes with the widget. */
export function words(lang: string): Words {
  return others[lang.slice(0, 2).toLowerCase()] ?? en;
}
