// The key M: a tap mutes or unmutes, holding it while muted talks for as long as it is held.
import type { Call } from "./call.ts";

const HOLD_MS = 350;

export class PushToTalk {
  readonly #call: () => Call;
  #pressedAt: number | null = null;
  #wasOn = false;

  constructor(call: () => Call) {
    this.#call = call;
  }

  listen(): void {
    window.addEventListener("keydown", this.#down);
    window.addEventListener("keyup", this.#up);
    window.addEventListener("blur", this.#blurred);
  }

  stop(): void {
    window.removeEventListener("keydown", this.#down);
    window.removeEventListener("keyup", this.#up);
    window.removeEventListener("blur", this.#blurred);
  }

  readonly #down = (event: KeyboardEvent): void => {
    if (event.code !== "KeyM" || event.repeat || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
    if (this.#call().connection !== "connected") return;
    this.#pressedAt = event.timeStamp;
    this.#wasOn = this.#call().microphone === "on";
    void this.#call().setMicrophone(!this.#wasOn);
  };

  readonly #up = (event: KeyboardEvent): void => {
    if (event.code !== "KeyM" || this.#pressedAt === null) return;
    const isHold = event.timeStamp - this.#pressedAt > HOLD_MS;
    this.#pressedAt = null;
    if (isHold && !this.#wasOn) void this.#call().setMicrophone(false);
  };

  readonly #blurred = (): void => {
    // The key's release goes elsewhere, and a microphone must not stay open by accident.
    if (this.#pressedAt !== null && !this.#wasOn) void this.#call().setMicrophone(false);
    this.#pressedAt = null;
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.matches("input, textarea, select") || target.isContentEditable);
}
