// One agent: made, or changed into its next version. Who administers nothing reads it.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { fields } from "../elements/field.ts";
import { Form } from "../elements/form.ts";
import { part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { tellChanged } from "../events.ts";
import { ApiError } from "../problem.ts";
import { base } from "../styles/base.ts";
import { parts } from "../styles/parts.ts";
import { changeAgent, makeAgent, type Agent, type Document } from "./api.ts";
import { readAgent } from "./content.ts";
import { choosesDocuments, choosesModels } from "./choices.ts";

@customElement("parley-agent-editor")
export class AgentEditor extends LitElement {
  @property({ attribute: false }) agent: Agent | null = null;
  @property({ attribute: false }) documents: readonly Document[] = [];
  @property({ type: Boolean }) administers = false;

  static override styles = [base, buttons, fields, parts];

  readonly #form: Form = new Form(this, async (data) => {
    const content = readAgent(data, this.agent?.model_policy ?? null);
    try {
      if (this.agent === null) {
        const made = await makeAgent({ ...content, name: String(data.get("name")) });
        say(`“${made.display_name}” is made.`);
        this.dispatchEvent(new CustomEvent("made"));
      } else {
        const { version } = await changeAgent(this.agent.name, { ...content, version: this.agent.version });
        say(version === this.agent.version ? "Nothing was changed." : `Version ${version} is in use now.`);
        tellChanged(this);
      }
    } catch (error) {
      throw explained(error);
    }
  });

  override render(): TemplateResult {
    const { agent } = this;
    const text = agent === null ? "Give it a name, and say who it is." : "Saving makes a new version. The former ones stay below.";
    return part("agent", agent?.display_name ?? "Who it is", text, html`
      <form class="panel" novalidate @submit=${this.#form.submit}>
        ${this.#form.banner()}
        ${agent === null ? this.#form.field({ id: "name", label: "Name in addresses", hint: "Small letters, digits and dashes. It does not change any more." }, html`
          <input id="name" name="name" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="63" required pattern="[a-z0-9][a-z0-9\\-]*" title="Small letters, digits and dashes, beginning with a letter or digit." @input=${this.#form.edited}>`) : nothing}
        ${this.#renderFields(agent)}
        ${choosesDocuments(agent?.documents ?? "all", this.documents, !this.administers)}
        ${choosesModels(this.#form, agent?.model_policy ?? null, !this.administers)}
        ${this.administers ? html`<div class="actions"><button class="button primary" ?disabled=${this.#form.busy}>${this.#form.busy ? "One moment…" : agent === null ? "Make the agent" : "Save as a new version"}</button></div>` : nothing}
      </form>`);
  }

  #renderFields(agent: Agent | null): TemplateResult {
    const fixed = !this.administers;
    const edited = this.#form.edited;
    return html`
      ${this.#form.field({ id: "display_name", label: "Name in meetings", hint: "What people call it by." }, html`
        <input id="display_name" name="display_name" autocomplete="off" maxlength="64" required ?readonly=${fixed} .value=${agent?.display_name ?? ""} @input=${edited}>`)}
      ${this.#form.field({ id: "prompt", label: "What it is told", hint: "Who it is, whom it talks to, what matters. Up to 16,000 characters." }, html`
        <textarea id="prompt" name="prompt" rows="6" maxlength="16000" ?readonly=${fixed} .value=${agent?.prompt ?? ""} @input=${edited}></textarea>`)}
      ${this.#form.field({ id: "greeting", label: "What it says first", hint: "Empty takes Parley's own greeting." }, html`
        <textarea id="greeting" name="greeting" rows="2" maxlength="1000" ?readonly=${fixed} .value=${agent?.greeting ?? ""} @input=${edited}></textarea>`)}
      <div class="pair">
        ${this.#form.field({ id: "language", label: "Language", hint: "Such as en, de or pt-BR." }, html`
          <input id="language" name="language" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="35" required ?readonly=${fixed} .value=${agent?.language ?? "en"} @input=${edited}>`)}
        ${this.#form.field({ id: "voice", label: "Voice", hint: "Empty takes the engine's own." }, html`
          <input id="voice" name="voice" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="100" ?readonly=${fixed} .value=${agent?.voice ?? ""} @input=${edited}>`)}
      </div>
    `;
  }
}

/** Somebody else's change is not written over. */
function explained(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.status !== 409) return error;
  return new ApiError(`${error.message} Keep what you wrote, then load the page anew.`, error.status, error.code, null, error.field);
}
