// On plain http beyond localhost browsers leave out `crypto.randomUUID`, without which livekit-client can
// send no text. Random bytes are there on every origin, so typing works where the microphone cannot.
import { randomHex } from "./memory.ts";

if (typeof crypto.randomUUID !== "function") {
  crypto.randomUUID = () => {
    const hex = randomHex(16);
    const variant = "89ab"[Number.parseInt(hex.charAt(16), 16) % 4];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
}
