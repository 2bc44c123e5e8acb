// Which pages of others may call this server with the company's credentials.
import { LitElement, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { buttons } from "../elements/buttons.ts";
import { confirm } from "../elements/confirm.ts";
import { fields } from "../elements/field.ts";
import { focusHeading } from "../elements/focus.ts";
import { Form, written } from "../elements/form.ts";
import { Loaded } from "../elements/loaded.ts";
import { empty, part } from "../elements/part.ts";
import { say } from "../elements/toast.ts";
import { ApiError } from "../problem.ts";
import { base } from "../styles/base.ts";
import { line } from "../styles/line.ts";
import { parts } from "../styles/parts.ts";
import { allowedOrigins, setAllowedOrigins } from "./api.ts";

@customElement("parley-origins")
export class Origins extends LitElement {
  readonly #origins = new Loaded(this, allowedOrigins);

  readonly #form: Form = new Form(this, async (data) => {
    const origin = written(data, "origin").replace(/\/$/, "").toLowerCase();
    const all = await allowedOrigins();
    if (all.includes(origin)) throw new ApiError("It is in the list already.", 409, "conflict", null, "origin");
    await setAllowedOrigins([...all, origin]).catch(atField);
    this.renderRoot.querySelector("form")?.reset();
    say(`Pages of ${origin} are allowed.`);
    await this.#origins.reload();
  });

  static override styles = [base, buttons, fields, parts, line];

  override render(): TemplateResult {
    return part("origins", "Allowed origins", "Websites whose pages may call this server from a visitor's browser. Servers need no entry.", html`
      <div class="panel">
        ${this.#origins.render((all) => all.length === 0
          ? empty("No website is allowed", "Add the address that your widget or dashboard is served from.")
          : html`<ul class="rows">${all.map((origin) => this.#renderOrigin(origin))}</ul>`)}
        <form class="stack" novalidate @submit=${this.#form.submit}>
          ${this.#form.banner()}
          <div class="line">
            ${this.#form.field({ id: "origin", label: "Origin", hint: "Such as https://app.example.com, without a path." }, html`
              <input id="origin" name="origin" inputmode="url" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="255" required @input=${this.#form.edited}>`)}
            <button class="button" ?disabled=${this.#form.busy}>Allow</button>
          </div>
        </form>
      </div>`);
  }

  #renderOrigin(origin: string): TemplateResult | typeof nothing {
    return html`<li><div class="what"><code>${origin}</code></div>
      <div class="do"><button class="button quiet small harm" @click=${() => this.#remove(origin)}>Remove<span class="visually-hidden"> ${origin}</span></button></div></li>`;
  }

  async #remove(origin: string): Promise<void> {
    const done = await confirm({
      heading: "Remove this origin?",
      text: `Pages of ${origin} are refused from now on.`,
      action: "Remove",
      isDangerous: true,
      run: async () => setAllowedOrigins((await allowedOrigins()).filter((other) => other !== origin)),
    });
    if (!done) return;
    say(`Pages of ${origin} are refused.`);
    await this.#origins.reload();
    await focusHeading(this);
  }
}

/** What the server says about one of the list is about the one that was just written. */
function atField(error: unknown): never {
  if (error instanceof ApiError && error.field?.startsWith("origins")) throw new ApiError(error.message, error.status, error.code, null, "origin");
  throw error;
}
