import { css, html, nothing, type TemplateResult } from "lit";
import { may } from "./api.js";
import type { Session } from "./session.js";
import type { StaffTexts } from "./texts/index.js";

export const gateStyles = css`
  .gate {
    display: grid;
    place-content: center;
    min-block-size: 90dvh;
    padding: 1.5em;
  }
  .gate form {
    display: grid;
    gap: 0.9em;
    inline-size: min(24em, 100vw - 3em);
    padding: 2em;
    border: 1px solid var(--line);
    border-radius: calc(var(--radius) * 2) var(--radius) calc(var(--radius) * 2) var(--leaf);
    background: var(--surface);
  }
  .gate h1 {
    font-size: 1.8em;
  }
  .gate label {
    display: grid;
    gap: 0.25em;
  }
  .gate .chip {
    justify-content: center;
    text-decoration: none;
  }
`;

/** The sign-in form; `title` says for what. */
export function gate(session: Session, texts: StaffTexts, title: string): TemplateResult {
  const submitted = (event: SubmitEvent) => {
    event.preventDefault();
    const said = new FormData(event.target as HTMLFormElement);
    void session.signIn(
      String(said.get("login")).trim(),
      String(said.get("password")),
      texts.failed,
    );
  };
  const refusals: Record<string, string> = texts.refusals;
  const fault = session.fault || refusals[session.refusal] || "";
  return html`<main class="gate">
    <form @submit=${submitted}>
      <div>
        <h1>${title}</h1>
        <p class="soft">${texts.signInFor}</p>
      </div>
      ${session.ended ? html`<p class="notice" role="status">${texts.signedOut}</p>` : nothing}
      <label>
        ${texts.login}
        <input class="box" name="login" required autocomplete="username" autocapitalize="none" />
      </label>
      <label>
        ${texts.password}
        <input
          class="box"
          name="password"
          type="password"
          required
          autocomplete="current-password"
        />
      </label>
      <p class="fault" role="alert" ?hidden=${!fault}>${fault}</p>
      <button class="chip main" type="submit" aria-disabled=${session.busy}>
        ${session.busy ? texts.signingIn : texts.signIn}
      </button>
      ${
        session.elsewhere
          ? html`<a class="chip" href=${session.elsewhere}>${texts.signInElsewhere}</a>`
          : nothing
      }
    </form>
  </main>`;
}

/** What somebody sees who is signed in, but has no business on this page. */
export function noRole(session: Session, texts: StaffTexts): TemplateResult {
  return html`<main class="gate">
    <form @submit=${(event: Event) => event.preventDefault()}>
      <p>${texts.noRole}</p>
      ${
        session.staff && may(session.staff, "trainer")
          ? html`<a class="chip main" href="/train">${texts.toTraining}</a>`
          : nothing
      }
      <button class="chip" type="button" @click=${() => void session.signOut(false)}>
        ${texts.signOut}
      </button>
    </form>
  </main>`;
}
