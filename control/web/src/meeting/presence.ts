// Why the agent is not here yet, in words. Asks control every two seconds, only until the agent is there.
import { roomStatus, type AgentPresence } from "../api.ts";
import { Observable } from "../observable.ts";

const PERIOD_MS = 2_000;

export class Presence extends Observable {
  readonly #roomName: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWatching = false;
  state: AgentPresence | "unknown" = "unknown";

  constructor(roomName: string) {
    super();
    this.#roomName = roomName;
  }

  watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    void this.#look();
  }

  stop(): void {
    this.#isWatching = false;
    clearTimeout(this.#timer);
    this.state = "unknown";
  }

  async #look(): Promise<void> {
    const state = await roomStatus(this.#roomName).then((status) => status.agent.state, () => "unknown" as const);
    if (!this.#isWatching) return;
    this.state = state;
    this.changed();
    this.#timer = setTimeout(() => void this.#look(), PERIOD_MS);
  }
}
