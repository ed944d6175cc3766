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

document.querySelector("#sign-in")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const token = document.querySelector<HTMLInputElement>("#token")?.value.trim() ?? "";
  withWidget((widget) => widget.identify(token));
  tell("Signed in: the next conversation is opened with your token.");
});

document.querySelector("#sign-out")?.addEventListener("click", () => {
  withWidget((widget) => widget.identify(null));
  tell("Signed out: a conversation of the signed-in customer is forgotten here.");
});

withWidget((widget) => {
  widget.on("identity-refused", (reason) => tell(`The desk did not take the token: ${reason}`));
});
