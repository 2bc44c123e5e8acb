// Sharing one's screen at the rate the agent looks at it: one to two frames a second, sharp, not smooth.
import type * as LiveKit from "../livekit.ts";
import type { Share } from "./view.ts";

const FRAMES_PER_SECOND = 2;
const MAX_BITRATE = 1_500_000;

export class ScreenShare {
  readonly #room: LiveKit.Room;
  readonly #kit: typeof LiveKit;

  constructor(room: LiveKit.Room, kit: typeof LiveKit) {
    this.#room = room;
    this.#kit = kit;
  }

  get state(): Share {
    const publication = this.#publication();
    if (publication?.track === undefined) return "none";
    return publication.isMuted ? "paused" : "live";
  }

  /** Whether a screen is shared now; false when the person thought better of it. Raises: what failed. */
  async start(): Promise<boolean> {
    try {
      await this.#publish(await pick());
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === "NotAllowedError") return false;
      throw error;
    }
  }

  /** A paused screen is black to everybody, the agent included. */
  async pause(paused: boolean): Promise<void> {
    const publication = this.#publication();
    await (paused ? publication?.mute() : publication?.unmute());
  }

  async stop(): Promise<void> {
    const track = this.#publication()?.track;
    if (track !== undefined) await this.#room.localParticipant.unpublishTrack(track, true);
  }

  async #publish(track: MediaStreamTrack): Promise<void> {
    await this.#room.localParticipant.publishTrack(track, {
      source: this.#kit.Track.Source.ScreenShare,
      simulcast: false,
      degradationPreference: "maintain-resolution",
      videoEncoding: { maxBitrate: MAX_BITRATE, maxFramerate: FRAMES_PER_SECOND },
      screenShareEncoding: { maxBitrate: MAX_BITRATE, maxFramerate: FRAMES_PER_SECOND },
    });
  }

  #publication() {
    return this.#room.localParticipant.getTrackPublication(this.#kit.Track.Source.ScreenShare);
  }
}

async function pick(): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    audio: false,
    video: { frameRate: { max: FRAMES_PER_SECOND }, width: { max: 1920 }, height: { max: 1080 } },
  });
  const track = stream.getVideoTracks()[0];
  if (track === undefined) throw new DOMException("no video track", "NotFoundError");
  track.contentHint = "text";
  return track;
}
