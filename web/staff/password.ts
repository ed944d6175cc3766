import { html, type TemplateResult } from "lit";
import type { Session } from "./session.js";
import type { StaffTexts } from "./texts/index.js";

/** What a dialog for changing one's password contains; `close` puts the dialog away. */
export function passwordForm(
  session: Session,
  texts: StaffTexts,
  close: () => void,
): TemplateResult {
  const submitted = (event: SubmitEvent) => {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    const [password, next] = [String(said.get("password")), String(said.get("new"))];
    void session.changePassword(password, next, texts.failed);
  };
  return html`<form @submit=${submitted}>
    <h2 id="dialog-title">${texts.changePassword}</h2>
    <input type="hidden" name="login" autocomplete="username" .value=${session.staff?.id ?? ""} />
    ${secret("password", texts.passwordNow, "current-password")}
    ${secret("new", texts.passwordNew, "new-password")}
    <p class="fault" role="alert" ?hidden=${!session.fault}>${session.fault}</p>
    <p class="soft">${texts.passwordHint}</p>
    <div class="ends">
      <button class="chip" type="button" @click=${close}>${texts.close}</button>
      <button class="chip main" type="submit" aria-disabled=${session.busy}>
        ${texts.changePassword}
      </button>
    </div>
  </form>`;
}

function secret(
  name: string,
  label: string,
  autocomplete: "current-password" | "new-password",
): TemplateResult {
  return html`<label>
    ${label}
    <input class="box" type="password" name=${name} required autocomplete=${autocomplete} />
  </label>`;
}
