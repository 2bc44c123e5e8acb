// The parts of livekit-client that the meeting uses. Imported dynamically, so that its weight is fetched
// when somebody joins and not before.
import "./insecure-origin.ts";

export {
  ConnectionQuality,
  DisconnectReason,
  ParticipantKind,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
} from "livekit-client";
