// What the steps of coming in have in common: a letter that was sent, and a link that leads nowhere.
import { html, nothing, type TemplateResult } from "lit";
import type { Deployment } from "../api.ts";
import { icon } from "../elements/icon.ts";

/** After something was asked for by mail. What it says is the same whether there is such an account or not. */
export function letterSent(heading: string, text: TemplateResult, deployment: Deployment | null, again: () => void): TemplateResult {
  const folder = deployment?.mail_dir;
  return html`
    <header><span class="seal">${icon("mail", 24)}</span><h1 id="title" tabindex="-1">${heading}</h1><p class="muted">${text}</p></header>
    <div class="stack">
      ${folder ? html`<parley-banner>On this machine letters are not sent. They are files in <code>${folder}</code></parley-banner>` : nothing}
      <p class="small muted">Nothing there after a few minutes? Look among the unwanted mail, or
        <button type="button" class="plain" @click=${again}>try another address</button>.</p>
    </div>
  `;
}

export function deadEnd(heading: string, text: string, way: { readonly path: string; readonly label: string }): TemplateResult {
  return html`
    <header><h1 id="title" tabindex="-1">${heading}</h1><p class="muted">${text}</p></header>
    <div class="stack"><a class="button large wide" href=${way.path}>${way.label}</a></div>
  `;
}
