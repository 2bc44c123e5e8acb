// Something that is asked of the server: while it is on its way, when it is there, and a way to ask again
// when it did not come.
import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from "lit";
import { ApiError, describe } from "../problem.ts";
import "./banner.ts";

export class Loaded<T> implements ReactiveController {
  value: T | null = null;
  failure = "";
  /** Whether there is no such thing, so that asking again is of no use. */
  isMissing = false;
  readonly #host: LitElement;
  readonly #load: () => Promise<T>;
  #round = 0;

  constructor(host: LitElement, load: () => Promise<T>) {
    this.#host = host;
    this.#load = load;
    host.addController(this);
  }

  hostConnected(): void {
    void this.reload();
  }

  /** What was there before stays until the new answer has come; an older answer never replaces a newer one. */
  readonly reload = async (): Promise<void> => {
    const round = (this.#round += 1);
    try {
      const value = await this.#load();
      if (round !== this.#round) return;
      [this.value, this.failure] = [value, ""];
    } catch (error) {
      if (round !== this.#round) return;
      this.failure = describe(error);
      this.isMissing = error instanceof ApiError && error.status === 404;
    }
    this.#host.requestUpdate();
  };

  render(show: (value: T) => TemplateResult): TemplateResult {
    return html`
      ${this.failure ? html`<parley-banner tone="error">${this.failure}
        <button slot="action" type="button" class="button" @click=${this.reload}>Try again</button></parley-banner>` : nothing}
      ${this.value !== null ? show(this.value) : this.failure ? nothing : html`<p class="loading" role="status">Loading…</p>`}
    `;
  }
}
