// What is loaded only where it is needed: each page, and the meeting.

const LOADERS = {
  entrance: () => import("./signin/entrance.ts"),
  meet: () => import("./meeting/meet.ts"),
  account: () => import("./account/account.ts"),
  members: () => import("./members/members.ts"),
  keys: () => import("./keys/keys.ts"),
  agents: () => import("./agents/agents.ts"),
} as const;

export type Chunk = keyof typeof LOADERS;

export function loadChunk(chunk: Chunk): Promise<unknown> {
  return LOADERS[chunk]();
}
