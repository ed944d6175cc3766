import type { StaffTexts } from "./en.js";

export const de: StaffTexts = {
  signIn: "Anmelden",
  signInFor: "Nur für eigene Mitarbeitende",
  login: "Anmeldename",
  password: "Passwort",
  signInElsewhere: "Mit dem Firmenkonto anmelden",
  refusals: {
    refused: "Die Anmeldung wurde abgelehnt. Bitte noch einmal versuchen.",
    unavailable: "Der Anmeldedienst antwortet nicht. Bitte gleich noch einmal versuchen.",
    "no-role": "Ihr Firmenkonto hat hier keine Rolle. Bitte wenden Sie sich an die Verwaltung.",
  },
  signingIn: "Anmeldung läuft …",
  signedOut: "Sie wurden abgemeldet. Nach der Anmeldung ist alles auf dem neuesten Stand.",
  signOut: "Abmelden",
  signOutEverywhere: "Überall abmelden",
  failed: "Das hat nicht geklappt. Bitte noch einmal versuchen.",
  lost: "Keine Verbindung. Wir versuchen es weiter.",
  noRole: "Ihr Konto hat keine Rolle für diese Seite.",
  language: "Sprache",
  colours: "Farben",
  themes: { system: "Wie das System", light: "Hell", dark: "Dunkel" },
  more: "Mehr",
  close: "Schließen",
};
