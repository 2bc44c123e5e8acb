// The address bar and what it shows. Links to pages of ours change the page without fetching it anew.
import type { LitElement, ReactiveController } from "lit";
import { isPage, readRoute, type Route } from "./routes.ts";

export class Navigation implements ReactiveController {
  route: Route = readRoute(location.pathname);
  readonly #host: LitElement;
  readonly #navigated: () => void;

  /** `navigated` is called when the person went elsewhere, by a link or by the browser's buttons. */
  constructor(host: LitElement, navigated: () => void) {
    this.#host = host;
    this.#navigated = navigated;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener("popstate", this.#moved);
    this.#host.addEventListener("click", this.#clicked);
    this.#host.addEventListener("go-to", this.#told);
  }

  hostDisconnected(): void {
    window.removeEventListener("popstate", this.#moved);
    this.#host.removeEventListener("click", this.#clicked);
    this.#host.removeEventListener("go-to", this.#told);
  }

  /** Shows `path` without asking anybody, as a new step of the history. */
  push(path: string): void {
    if (location.pathname + location.search !== path) history.pushState(null, "", path);
    this.show(readRoute(location.pathname));
  }

  replace(path: string): void {
    history.replaceState(null, "", path);
    this.show(readRoute(location.pathname));
  }

  /** Under the address that stands there already. */
  show(route: Route): void {
    this.route = route;
    this.#host.requestUpdate();
  }

  readonly #moved = (): void => {
    this.show(readRoute(location.pathname));
    this.#navigated();
  };

  readonly #told = (event: Event): void => this.#go((event as CustomEvent<string>).detail);

  readonly #clicked = (event: MouseEvent): void => {
    const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === undefined || !isPlain || event.defaultPrevented) return;
    if (link.origin !== location.origin || link.target !== "" || link.hasAttribute("download") || !isPage(link.pathname)) return;
    event.preventDefault();
    this.#go(link.pathname + link.search);
  };

  #go(path: string): void {
    history.pushState(null, "", path);
    window.scrollTo(0, 0);
    this.#moved();
  }
}
