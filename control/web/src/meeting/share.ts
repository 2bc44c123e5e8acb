// Sharing one's screen at the rate the agent looks at it: one to two frames a second, sharp, not smooth.
import type * as LiveKit from "../livekit.ts";

const FRAMES_PER_SECOND = 2;
const MAX_BITRATE = 1_500_000;

/** Asks the browser for a screen, window or tab. Raises: NotAllowedError when the person thinks better of it. */
export async function pickScreen(): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getDisplayMedia({
    audio: false,
    video: { frameRate: { max: FRAMES_PER_SECOND }, width: { max: 1920 }, height: { max: 1080 } },
  });
  const track = stream.getVideoTracks()[0];
  if (track === undefined) throw new DOMException("no video track", "NotFoundError");
  track.contentHint = "text";
  return track;
}

export async function publishScreen(room: LiveKit.Room, kit: typeof LiveKit, track: MediaStreamTrack): Promise<void> {
  await room.localParticipant.publishTrack(track, {
    source: kit.Track.Source.ScreenShare,
    simulcast: false,
    degradationPreference: "maintain-resolution",
    videoEncoding: { maxBitrate: MAX_BITRATE, maxFramerate: FRAMES_PER_SECOND },
    screenShareEncoding: { maxBitrate: MAX_BITRATE, maxFramerate: FRAMES_PER_SECOND },
  });
}
