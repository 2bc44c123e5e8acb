// What an API key may be used for, in words; the list is that of control/scopes.py.

export interface Scope {
  readonly name: string;
  readonly label: string;
  /** Whether a new key has it unless one says otherwise. */
  readonly isUsual: boolean;
}

export const SCOPES: readonly Scope[] = [
  { name: "rooms:read", label: "See rooms", isUsual: true },
  { name: "rooms:write", label: "Make rooms and guest links", isUsual: true },
  { name: "rooms:join", label: "Let people join rooms", isUsual: true },
  { name: "conversations:read", label: "Read transcripts", isUsual: true },
  { name: "conversations:write", label: "Write in conversations, and delete them", isUsual: false },
  { name: "agents:read", label: "See agents", isUsual: true },
  { name: "agents:write", label: "Make and change agents", isUsual: false },
  { name: "documents:read", label: "See documents", isUsual: true },
  { name: "documents:write", label: "Add and remove documents", isUsual: false },
  { name: "tools:read", label: "See tools", isUsual: false },
  { name: "tools:write", label: "Make and change tools", isUsual: false },
  { name: "audit:read", label: "Read the audit trail", isUsual: false },
  { name: "usage:read", label: "Read budgets, costs and savings", isUsual: false },
];
