// LiveKit's events, told to a call in its own terms.
import type * as LiveKit from "../livekit.ts";
import type { CaptionStream } from "./captions.ts";
import { isAgent } from "./people.ts";
import type { Ending } from "./view.ts";

export const CHAT_TOPIC = "lk.chat";
const CAPTION_TOPIC = "lk.transcription";

export interface TypedMessage {
  readonly id: string;
  readonly identity: string;
  readonly name: string;
  readonly text: string;
}

export interface RoomListener {
  /** Something of what is shown changed. */
  changed(): void;
  audioAppeared(element: HTMLMediaElement): void;
  connection(connection: "connected" | "reconnecting"): void;
  disconnected(reason: LiveKit.DisconnectReason | undefined): void;
  /** `sender` is the identity that the media server vouches for. */
  caption(stream: CaptionStream, sender: string): void;
  /** Another person's message. */
  typed(message: TypedMessage): void;
}

export function followRoom(room: LiveKit.Room, kit: typeof LiveKit, listener: RoomListener): void {
  const { RoomEvent } = kit;
  const changes = [
    RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.ParticipantAttributesChanged,
    RoomEvent.ParticipantNameChanged, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished,
    RoomEvent.LocalTrackUnpublished, RoomEvent.ActiveSpeakersChanged, RoomEvent.ConnectionQualityChanged,
    RoomEvent.AudioPlaybackStatusChanged,
  ] as const;
  for (const event of changes) room.on(event, () => listener.changed());
  room.on(RoomEvent.TrackSubscribed, (track) => {
    if (track.kind === kit.Track.Kind.Audio) listener.audioAppeared(track.attach());
    listener.changed();
  });
  room.on(RoomEvent.TrackUnsubscribed, (track) => {
    for (const element of track.detach()) element.remove();
    listener.changed();
  });
  room.on(RoomEvent.Reconnecting, () => listener.connection("reconnecting"));
  room.on(RoomEvent.SignalReconnecting, () => listener.connection("reconnecting"));
  room.on(RoomEvent.Reconnected, () => listener.connection("connected"));
  room.on(RoomEvent.Disconnected, (reason) => listener.disconnected(reason));
  room.registerTextStreamHandler(CAPTION_TOPIC, (stream, { identity }) => listener.caption(stream, identity));
  room.registerTextStreamHandler(CHAT_TOPIC, async (stream, { identity }) => {
    const sender = room.remoteParticipants.get(identity);
    if (sender === undefined || isAgent(room, kit, identity)) return;
    const text = await stream.readAll();
    listener.typed({ id: stream.info.id, identity, name: sender.name || identity, text });
  });
}

/** Why the server ended the connection; null when it was lost and is worth another try. */
export function endingOf(reason: LiveKit.DisconnectReason | undefined, kit: typeof LiveKit): Ending | null {
  const { DisconnectReason } = kit;
  switch (reason) {
    case DisconnectReason.CLIENT_INITIATED:
      return "left";
    case DisconnectReason.DUPLICATE_IDENTITY:
      return "elsewhere";
    case DisconnectReason.PARTICIPANT_REMOVED:
      return "removed";
    case DisconnectReason.ROOM_DELETED:
      return "closed";
    default:
      return null;
  }
}
