import { css, html, nothing, type TemplateResult } from "lit";
import { OUTCOMES, type Outcome } from "../model.js";
import { passwordForm } from "../../staff/password.js";
import type { Open } from "../open.js";
import type { View } from "../view.js";
import { canned } from "./canned.js";
import { help } from "./help.js";

export const dialogStyles = css`
  dialog form,
  dialog .sheet {
    display: grid;
    gap: 0.7em;
  }
  dialog fieldset {
    display: grid;
    gap: 0.2em;
    min-inline-size: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  dialog fieldset > label {
    display: flex;
    align-items: center;
    gap: 0.6em;
    min-block-size: 2.2em;
    padding-inline: 0.5em;
    border-radius: 0.6em;
  }
  dialog fieldset > label:hover {
    background: var(--tint);
  }
  dialog fieldset.many {
    grid-template-columns: repeat(auto-fill, minmax(13em, 1fr));
  }
  dialog fieldset.many legend {
    grid-column: 1 / -1;
  }
  dialog legend {
    padding: 0;
    margin-block-end: 0.3em;
    font-weight: 600;
  }
  dialog input:is([type="radio"], [type="checkbox"]) {
    inline-size: 1.15em;
    block-size: 1.15em;
    accent-color: var(--accent);
  }
  dialog .ends {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 0.5em;
  }
  dialog dl {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    gap: 0.35em 1em;
  }
  .replies {
    display: grid;
    gap: 0.3em;
    max-block-size: 50dvh;
    overflow-y: auto;
  }
  .replies button {
    inline-size: 100%;
    padding: 0.5em 0.8em;
    border: 1px solid var(--line);
    border-radius: 0.7em;
    background: none;
    text-align: start;
  }
  .replies button:hover {
    background: var(--tint);
  }
  .replies small {
    display: block;
    color: var(--soft);
  }
`;

/** The dialog that is open, if any. */
export function dialog(view: View): TemplateResult | typeof nothing {
  const closed = () => view.setDialog("");
  const content = contentOf(view);
  if (!content) return nothing;
  return html`<dialog aria-labelledby="dialog-title" @close=${closed}>${content}</dialog>`;
}

function contentOf(view: View): TemplateResult | null {
  const { open } = view;
  if (view.dialog === "help") return help(view);
  if (view.dialog === "password")
    return passwordForm(view.session, view.shared, () => view.setDialog(""));
  if (!open?.whole) return null;
  switch (view.dialog) {
    case "giveBack":
      return giveBack(view, open);
    case "transfer":
      return transfer(view);
    case "resolve":
      return resolve(view);
    case "canned":
      return canned(view, open, open.whole);
    default:
      return null;
  }
}

/** A form in a dialog; `done` gets what was said in it. */
function sheet(
  view: View,
  title: string,
  content: TemplateResult,
  submit: string | TemplateResult,
  done: (said: FormData) => void,
): TemplateResult {
  const submitted = (event: SubmitEvent) => {
    event.preventDefault();
    done(new FormData(event.target as HTMLFormElement));
  };
  return html`<form @submit=${submitted}>
    <h2 id="dialog-title">${title}</h2>
    ${content}
    <div class="ends">
      <button class="chip" type="button" @click=${() => view.setDialog("")}>
        ${view.texts.cancel}
      </button>
      <button class="chip main" type="submit">${submit}</button>
    </div>
  </form>`;
}

function giveBack(view: View, open: Open): TemplateResult {
  const { texts } = view;
  const { labels, case: it } = open.whole!;
  const lacking = it.missing.map(({ field }) => field);
  const names = [...lacking, ...Object.keys(labels).filter((name) => !lacking.includes(name))];
  const content = html`<p class="soft" id="give-back-hint">${texts.giveBackHint}</p>
    <fieldset class="many" aria-describedby="give-back-hint">
      <legend>${texts.giveBackWhat}</legend>
      ${names.map(
        (name) =>
          html`<label>
            <input
              type="checkbox"
              name="field"
              value=${name}
              .defaultChecked=${view.dialogFields.includes(name)}
            />
            ${labels[name] ?? name}
          </label>`,
      )}
    </fieldset>`;
  return sheet(view, texts.giveBackTitle, content, texts.giveBack, (said) =>
    view.acts.giveBack(said.getAll("field").map(String)),
  );
}

function transfer(view: View): TemplateResult {
  const { live, staff, texts } = view;
  const others = live.people.filter(({ id }) => id !== staff.id);
  const one = (id: string, name: string, more: string, checked: boolean) =>
    html`<label>
      <input type="radio" name="to" value=${id} required .defaultChecked=${checked} />
      <span>${name} <small class="soft">${more}</small></span>
    </label>`;
  const content = html`<fieldset>
    <legend>${texts.transferTo}</legend>
    ${others.map(({ id, name, has, status }) => {
      const load = texts.load(has);
      return one(id, name, status === "away" ? `${load}, ${texts.away}` : load, false);
    })}
    ${others.length === 0 ? html`<p class="soft">${texts.nobodyElse}</p>` : nothing}
    ${one("queue", texts.toQueue, "", others.length === 0)} ${one("mail", texts.toMail, "", false)}
  </fieldset>`;
  return sheet(view, texts.transfer, content, texts.transfer, (said) =>
    view.acts.transfer(String(said.get("to"))),
  );
}

function resolve(view: View): TemplateResult {
  const { texts } = view;
  const content = html`<fieldset>
      <legend>${texts.outcome}</legend>
      ${OUTCOMES.map(
        (outcome, index) =>
          html`<label>
            <input type="radio" name="outcome" value=${outcome} .defaultChecked=${index === 0} />
            ${texts.outcomes[outcome]}
          </label>`,
      )}
    </fieldset>
    <label>
      ${texts.lastWords}
      <textarea class="box" name="text" rows="3" maxlength="4000"></textarea>
    </label>`;
  return sheet(view, texts.resolve, content, texts.resolve, (said) =>
    view.acts.resolve(said.get("outcome") as Outcome, String(said.get("text")).trim()),
  );
}
