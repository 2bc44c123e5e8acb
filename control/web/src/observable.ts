// State outside of elements: a thing that says when it changed, and the controller that re-renders for it.
import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Observable {
  readonly #listeners = new Set<() => void>();

  /** Calls `listener` after each change until the returned function is called. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Updates its host whenever the observed thing changes; `source` may name another thing at each update. */
export class Observer implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #source: () => Observable | undefined;
  #current: Observable | undefined;
  #stop: (() => void) | undefined;

  constructor(host: ReactiveControllerHost, source: () => Observable | undefined) {
    this.#host = host;
    this.#source = source;
    host.addController(this);
  }

  hostConnected(): void {
    this.#follow();
  }

  hostUpdate(): void {
    this.#follow();
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = this.#current = undefined;
  }

  #follow(): void {
    const source = this.#source();
    if (source === this.#current) return;
    this.#stop?.();
    this.#current = source;
    this.#stop = source?.subscribe(() => this.#host.requestUpdate());
  }
}
