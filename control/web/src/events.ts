// What elements tell the page as a whole, from wherever they stand in it.
import type { Session } from "./session.ts";

/** Somebody signed in, or is now another than before: another company, another name. */
export function tellSession(from: HTMLElement, session: Session): void {
  from.dispatchEvent(new CustomEvent<Session>("signed-in", { detail: session, bubbles: true, composed: true }));
}

export function tellSignedOut(from: HTMLElement): void {
  from.dispatchEvent(new CustomEvent("signed-out", { bubbles: true, composed: true }));
}

/** Goes to another page of ours, as a link would. */
export function goTo(from: HTMLElement, path: string): void {
  from.dispatchEvent(new CustomEvent<string>("go-to", { detail: path, bubbles: true, composed: true }));
}

/** What a part of a page tells the page when something that other parts show has changed. */
export function tellChanged(from: HTMLElement): void {
  from.dispatchEvent(new CustomEvent("changed", { bubbles: true, composed: true }));
}
