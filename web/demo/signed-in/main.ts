/** A page that knows its customer and tells the widget so. */
import type { Call } from "../../launcher/public-api.js";

function withWidget(call: Call): void {
  window.Firstline ??= [];
  window.Firstline.push(call);
}

function tell(text: string): void {
  const state = document.querySelector("#state");
  if (state) state.textContent = text;
}

function signIn(token: string): void {
  withWidget((widget) => widget.identify(token));
  tell("Signed in: the next conversation is opened with your token.");
}

/** Asks the server for a token, as a shop's page asks the shop's own; there is one in development. */
async function demoToken(): Promise<string | null> {
  const answer = await fetch("/demo/identity", { method: "POST" });
  if (!answer.ok) return null;
  return ((await answer.json()) as { token: string }).token;
}

document.querySelector("#demo")?.addEventListener("click", () => {
  demoToken().then(
    (token) => {
      if (token) signIn(token);
      else tell("This desk signs no tokens for the demo. Paste one that your server has made.");
    },
    () => tell("The server does not answer."),
  );
});

document.querySelector("#sign-in")?.addEventListener("submit", (event) => {
  event.preventDefault();
  signIn(document.querySelector<HTMLInputElement>("#token")?.value.trim() ?? "");
});

document.querySelector("#sign-out")?.addEventListener("click", () => {
  withWidget((widget) => widget.identify(null));
  tell("Signed out: a conversation of the signed-in customer is forgotten here.");
});

withWidget((widget) => {
  widget.on("identity-refused", (reason) => tell(`The desk did not take the token: ${reason}`));
});
