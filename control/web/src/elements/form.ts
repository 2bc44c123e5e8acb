// What every form does: checks itself in words, sends once at a time, shows a failure at the field that it
// is about or above the form, and moves the keyboard there. A control marked `data-again` is what one types
// anew after a failure, which is read out as an alert.
import { html, nothing, type LitElement, type ReactiveController, type TemplateResult } from "lit";
import { ApiError, describe } from "../problem.ts";
import "./banner.ts";
import { field, type FieldText } from "./field.ts";

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export class Form implements ReactiveController {
  busy = false;
  failure = "";
  readonly #host: LitElement;
  readonly #send: (data: FormData) => Promise<void>;
  readonly #errors = new Map<string, string>();
  #form: HTMLFormElement | null = null;
  #focusesError = false;

  /** `send` raises ApiError for what is to be shown. */
  constructor(host: LitElement, send: (data: FormData) => Promise<void>) {
    this.#host = host;
    this.#send = send;
    host.addController(this);
  }

  readonly submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!this.busy) void this.#submit(event.target as HTMLFormElement);
  };

  /** Takes back what is said about a field, as soon as it is changed. */
  readonly edited = (event: Event): void => {
    const { name } = event.target as Control;
    if (this.#errors.delete(name)) this.#host.requestUpdate();
  };

  /** A labelled control whose `id` and `name` are `text.id`. */
  field(text: Omit<FieldText, "error">, control: TemplateResult): TemplateResult {
    return field({ ...text, error: this.#errors.get(text.id) }, control);
  }

  error(name: string): string | undefined {
    return this.#errors.get(name);
  }

  /** Forgets what was said of an earlier try. */
  clear(): void {
    this.failure = "";
    this.#errors.clear();
    this.#host.requestUpdate();
  }

  /** Says something above the form that is about no field. */
  fail(message: string): void {
    this.failure = message;
    this.#focusesError = true;
    this.#host.requestUpdate();
  }

  banner(): TemplateResult | typeof nothing {
    return this.failure ? html`<parley-banner tone="error" class="failure" tabindex="-1">${this.failure}</parley-banner>` : nothing;
  }

  hostUpdated(): void {
    if (!this.#form?.isConnected) this.#form = this.#host.renderRoot.querySelector("form");
    if (this.#form === null) return;
    for (const control of controlsOf(this.#form)) this.#mark(control);
    if (!this.#focusesError) return;
    this.#focusesError = false;
    const wrong = controlsOf(this.#form).find((control) => this.#errors.has(control.name));
    const again = this.#form.querySelector<HTMLInputElement>("[data-again]");
    (wrong ?? again ?? this.#form.querySelector<HTMLElement>(".failure"))?.focus();
    if (wrong === undefined) again?.select();
  }

  #mark(control: Control): void {
    if (control.name === "" || control.type === "radio") return;
    control.setAttribute("aria-invalid", String(this.#errors.has(control.name)));
    const noteId = `${control.id}-note`;
    if (this.#form?.querySelector(`[id="${noteId}"]`)) control.setAttribute("aria-describedby", noteId);
    else control.removeAttribute("aria-describedby");
  }

  async #submit(form: HTMLFormElement): Promise<void> {
    this.#form = form;
    this.failure = "";
    this.#errors.clear();
    for (const control of controlsOf(form)) {
      if (!control.validity.valid) this.#errors.set(control.name, complaint(control));
    }
    if (this.#errors.size > 0) return this.#showErrors();
    this.busy = true;
    this.#host.requestUpdate();
    try {
      await this.#send(new FormData(form));
    } catch (error) {
      this.#take(error, form);
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }

  #take(error: unknown, form: HTMLFormElement): void {
    const name = error instanceof ApiError ? error.field?.split(".")[0] : undefined;
    const control = controlsOf(form).find((candidate) => candidate.name === name);
    if (control === undefined) this.failure = describe(error);
    else this.#errors.set(control.name, describe(error));
    this.#focusesError = true;
  }

  #showErrors(): void {
    this.#focusesError = true;
    this.#host.requestUpdate();
  }
}

/** What was written into a field, without the blanks around it. */
export function written(data: FormData, name: string): string {
  return String(data.get(name) ?? "").trim();
}

/** A password or a code counts with its blanks. */
export function exactly(data: FormData, name: string): string {
  return String(data.get(name) ?? "");
}

function controlsOf(form: HTMLFormElement): Control[] {
  const isControl = (element: Element): element is Control =>
    element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
  return [...form.elements].filter(isControl);
}

function complaint(control: Control): string {
  const { validity } = control;
  if (validity.valueMissing) return "This is needed.";
  if (validity.typeMismatch && control.type === "email") return "Write an e-mail address, such as ada@example.com.";
  if (validity.tooShort && "minLength" in control) return `At least ${control.minLength} characters; there are ${control.value.length}.`;
  if (validity.patternMismatch && control.title) return control.title;
  return control.validationMessage;
}
