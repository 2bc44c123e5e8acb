// The parts of livekit-client that the meeting uses. Imported dynamically, so that its weight is fetched
// when somebody joins and not before.
export {
  ConnectionQuality,
  ConnectionState,
  createAudioAnalyser,
  DisconnectReason,
  LocalAudioTrack,
  LocalVideoTrack,
  ParticipantKind,
  RemoteAudioTrack,
  Room,
  RoomEvent,
  Track,
} from "livekit-client";
