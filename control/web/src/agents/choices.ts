// What an agent may quote, and which models it asks for: the parts of its form that are choices.
import { html, nothing, type TemplateResult } from "lit";
import type { Form } from "../elements/form.ts";
import type { Document, ModelPolicy } from "./api.ts";

const PRESETS: readonly (readonly [string, string])[] = [
  ["", "As this server is set up"], ["default", "Today's models"], ["classic", "The classic pairs"], ["local", "On this machine only"],
];

export function choosesDocuments(chosen: "all" | readonly string[], documents: readonly Document[], isFixed: boolean): TemplateResult {
  const isAll = chosen === "all";
  return html`<fieldset ?disabled=${isFixed}><legend>What it may quote</legend>
    <label class="choice"><input type="radio" name="quotes" value="all" .checked=${isAll}><span>Every document, those to come as well</span></label>
    <label class="choice"><input type="radio" name="quotes" value="some" .checked=${!isAll}><span>Only the ones that are ticked</span></label>
    <div class="ticks">${documents.map((document) => html`
      <label class="choice"><input type="checkbox" name="documents" value=${document.id} .checked=${!isAll && chosen.includes(document.id)}><span>${document.title}</span></label>`)}
      ${documents.length === 0 ? html`<p class="meta">There are no documents yet.</p>` : nothing}</div>
  </fieldset>`;
}

export function choosesModels(form: Form, policy: ModelPolicy | null, isFixed: boolean): TemplateResult {
  const model = (id: "small_model" | "large_model", label: string) => form.field({ id, label, hint: "Such as openai/gpt-4o-mini; empty follows the choice above." }, html`
    <input id=${id} name=${id} autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="200" ?readonly=${isFixed} .value=${policy?.[id] ?? ""} @input=${form.edited}>`);
  return html`<details ?open=${policy !== null && [policy.preset, policy.small_model, policy.large_model].some(Boolean)}>
    <summary>Models</summary>
    <div class="stack">
      ${form.field({ id: "preset", label: "Choice of models" }, html`<select id="preset" name="preset" ?disabled=${isFixed} @change=${form.edited}>${PRESETS.map(([value, label]) => html`
        <option value=${value} .selected=${(policy?.preset ?? "") === value}>${label}</option>`)}</select>`)}
      <div class="pair">${model("small_model", "Small model")}${model("large_model", "Large model")}</div>
    </div>
  </details>`;
}
