// Messages on their way. One that is typed before the connection or the agent is there waits for it: text
// streams are not kept by the media server, so an agent that comes later would never know of them.
import { randomHex } from "../memory.ts";
import type { Thread } from "./thread.ts";
import type { EntryState } from "./timeline.ts";

/** How to reach the room now. `agent` is null until it listens; `others` are the other people. */
export interface Route {
  readonly agent: string | null;
  readonly others: readonly string[];
  /** To everyone in the room, or only to those named. */
  send(text: string, to?: readonly string[]): Promise<unknown>;
}

interface Message {
  readonly id: string;
  readonly text: string;
  reachedOthers: boolean;
}

export class Outbox {
  readonly #thread: Thread;
  readonly #author: () => { readonly identity: string; readonly name: string };
  readonly #route: () => Route | null;
  #messages: Message[] = [];
  #isSending = false;

  /** `route` gives null while there is no connection. */
  constructor(thread: Thread, author: () => { identity: string; name: string }, route: () => Route | null) {
    this.#thread = thread;
    this.#author = author;
    this.#route = route;
  }

  say(text: string, id = randomHex(8)): void {
    const message = { id, text, reachedOthers: false };
    this.#show(message, "sending");
    this.#messages.push(message);
    void this.flush();
  }

  /** Sends what can be sent now, in order; called whenever the connection or the agent changed. */
  async flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    for (const message of [...this.#messages]) {
      const route = this.#route();
      if (route === null) break;
      await this.#send(message, route).catch(() => this.#done(message, "unsent"));
    }
    this.#isSending = false;
  }

  /** Nothing will be sent any more. */
  abandon(): void {
    for (const message of [...this.#messages]) this.#done(message, "unsent");
  }

  async #send(message: Message, route: Route): Promise<void> {
    if (route.agent !== null) {
      await route.send(message.text, message.reachedOthers ? [route.agent] : undefined);
      return this.#done(message, "complete");
    }
    if (!message.reachedOthers && route.others.length > 0) await route.send(message.text, route.others);
    message.reachedOthers = true;
    this.#show(message, "waiting");
  }

  #done(message: Message, state: EntryState): void {
    this.#messages = this.#messages.filter((other) => other !== message);
    this.#show(message, state);
  }

  #show(message: Message, state: EntryState): void {
    const { identity, name } = this.#author();
    this.#thread.type(message.id, identity, name, message.text, state);
  }
}
