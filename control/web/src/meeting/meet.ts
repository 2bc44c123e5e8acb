// Everything from the lobby to the end of a meeting, without the media client.
import "../kit.ts";
import "../lobby/lobby.ts";
import "./left.ts";
import "./meeting.ts";

export { Call } from "./call.ts";
