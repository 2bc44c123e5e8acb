// Live captions of both sides, from `lk.transcription` text streams. The agent's words arrive in pieces
// on one stream; a person's arrive as whole guesses under one segment id, each replacing the one before.
import { Observable } from "../observable.ts";

const SEGMENT = "lk.segment_id";
const FINAL = "lk.transcription_final";
const SPEAKER = "parley.speaker";
const SPEAKER_NAME = "parley.speaker_name";
const LINGER_MS = 7_000;
const MAX_SHOWN = 2;

export interface Caption {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly isAgent: boolean;
  readonly text: string;
  readonly isFinal: boolean;
  readonly startedAt: Date;
}

/** A text stream, as livekit-client hands it over. */
export interface CaptionStream extends AsyncIterable<string> {
  readonly info: { readonly id: string; readonly attributes?: Record<string, string> };
}

export class Captions extends Observable {
  #shown: Caption[] = [];
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #onCaption: (caption: Caption) => void;

  /** `onCaption` hears of every version of every caption. */
  constructor(onCaption: (caption: Caption) => void) {
    super();
    this.#onCaption = onCaption;
  }

  /** The newest captions, oldest first; a finished one stays for some seconds. */
  get shown(): readonly Caption[] {
    return this.#shown;
  }

  /**
   * Reads one stream to its end. Words of an agent count only from an agent; words put under a person's
   * name only from an agent or from that person.
   */
  async read(stream: CaptionStream, sender: string, senderIsAgent: boolean, agentName: string): Promise<void> {
    const attributes = stream.info.attributes ?? {};
    const speaker = attributes[SPEAKER];
    if (!senderIsAgent && speaker !== sender) return;
    const caption = {
      id: attributes[SEGMENT] ?? stream.info.id,
      identity: speaker ?? sender,
      name: speaker === undefined ? agentName : (attributes[SPEAKER_NAME] ?? speaker),
      isAgent: speaker === undefined,
      startedAt: this.#shown.find((shown) => shown.id === attributes[SEGMENT])?.startedAt ?? new Date(),
    };
    let text = "";
    try {
      for await (const piece of stream) {
        text += piece;
        this.#show({ ...caption, text, isFinal: false });
      }
    } catch {
      // The sender went away in the middle: what came so far is all there will be.
      this.#show({ ...caption, text, isFinal: true });
      return;
    }
    const isFinal = caption.isAgent || stream.info.attributes?.[FINAL] === "true";
    this.#show({ ...caption, text, isFinal });
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#shown = [];
    this.changed();
  }

  #show(caption: Caption): void {
    if (caption.text.trim() === "") return;
    const index = this.#shown.findIndex((shown) => shown.id === caption.id);
    if (index >= 0) this.#shown = this.#shown.with(index, caption);
    else this.#shown = [...this.#shown, caption].slice(-MAX_SHOWN);
    clearTimeout(this.#timers.get(caption.id));
    this.#timers.set(caption.id, setTimeout(() => this.#drop(caption.id), LINGER_MS + caption.text.length * 30));
    this.#onCaption(caption);
    this.changed();
  }

  #drop(id: string): void {
    this.#timers.delete(id);
    this.#shown = this.#shown.filter((caption) => caption.id !== id);
    this.changed();
  }
}
