/** What all pages for staff say, in English; its type holds the other languages to it. */
export const en = {
  signIn: "Sign in",
  signInFor: "For the operator’s own people",
  login: "Login",
  password: "Password",
  signInElsewhere: "Sign in with your company account",
  refusals: {
    refused: "The sign-in was refused. Please try again.",
    unavailable: "The sign-in service does not answer. Please try again in a moment.",
    "no-role": "Your company account has no role here. Ask an administrator for one.",
  },
  signingIn: "Signing in…",
  signedOut: "You have been signed out. What you see after signing in is up to date.",
  changePassword: "Change the password",
  passwordNow: "Password so far",
  passwordNew: "New password",
  passwordHint: "Twelve characters or more, not easy to guess. All other sessions end.",
  signOut: "Sign out",
  signOutEverywhere: "Sign out everywhere",
  failed: "That did not work. Please try again.",
  lost: "No connection. We keep trying.",
  noRole: "Your account has no role for this page.",
  toTraining: "Go to the workbench",
  language: "Language",
  colours: "Colours",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  more: "More",
  close: "Close",
};

export type StaffTexts = typeof en;
