// The thread of a meeting: loads what was stored, follows captions and typed messages, sends one's own.
import { storedTurns, type Turn } from "../api.ts";
import { Observable } from "../observable.ts";
import type { Caption } from "./captions.ts";
import { mergeTimeline, uncovered, type Entry, type EntryState } from "./timeline.ts";

const SETTLE_MS = 1_000;

export class Thread extends Observable {
  readonly #roomName: string;
  #stored: Turn[] = [];
  #live: Entry[] = [];
  #entries: readonly Entry[] | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  isLoaded = false;
  hasFailed = false;

  constructor(roomName: string) {
    super();
    this.#roomName = roomName;
  }

  get entries(): readonly Entry[] {
    this.#entries ??= mergeTimeline(this.#stored, this.#live);
    return this.#entries;
  }

  /** The newest message that was typed since joining. */
  get newestTyped(): Entry | undefined {
    return this.#live.findLast((entry) => entry.channel === "text");
  }

  async load(): Promise<void> {
    try {
      this.#stored = await storedTurns(this.#roomName);
      this.isLoaded = true;
      this.hasFailed = false;
      const open = (entry: Entry) => ["live", "sending", "waiting"].includes(entry.state);
      const rest = uncovered(this.#stored, this.#live);
      const streams = this.#stored.some((turn) => turn.state === "streaming");
      this.#live = this.#live.filter((entry) => streams || open(entry) || rest.includes(entry));
    } catch {
      this.hasFailed = true;
    }
    this.#update();
  }

  /** Loads once storing has had the time to follow; asked again meanwhile, it waits anew. */
  loadSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), SETTLE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** People's guesses are left to the captions; their final words and all of the agent's stand here. */
  hear(caption: Caption): void {
    if (!caption.isAgent && !caption.isFinal) return;
    this.#put({
      id: caption.id,
      role: caption.isAgent ? "agent" : "user",
      identity: caption.identity,
      name: caption.name,
      channel: "voice",
      text: caption.text,
      state: caption.isFinal ? "complete" : "live",
      at: caption.startedAt,
    });
  }

  /** Adds or changes a typed message. */
  type(id: string, identity: string, name: string, text: string, state: EntryState): void {
    const at = this.#live.find((entry) => entry.id === id)?.at ?? new Date();
    this.#put({ id, role: "user", identity, name, channel: "text", text, state, at });
  }

  #put(entry: Entry): void {
    const index = this.#live.findIndex((other) => other.id === entry.id);
    this.#live = index < 0 ? [...this.#live, entry] : this.#live.with(index, entry);
    this.#update();
  }

  #update(): void {
    this.#entries = undefined;
    this.changed();
  }
}
