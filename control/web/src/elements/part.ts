// One part of a page of settings: what it is, and what can be done.
import { html, nothing, type TemplateResult } from "lit";

export function part(id: string, heading: string, about: string | TemplateResult, content: TemplateResult | typeof nothing): TemplateResult {
  return html`<section class="part" aria-labelledby=${id}>
    <div class="about"><h2 id=${id} tabindex="-1">${heading}</h2><p>${about}</p></div>
    ${content}
  </section>`;
}

/** What stands where a list has nothing in it. */
export function empty(what: string, how: string): TemplateResult {
  return html`<div class="empty"><strong>${what}</strong><p>${how}</p></div>`;
}
