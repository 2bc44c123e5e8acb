// Control's HTTP interface for a company's agents and documents.
import { request, requestAll } from "../http.ts";

/** What is null follows the deployment. */
export interface ModelPolicy {
  readonly preset: string | null;
  readonly small_model: string | null;
  readonly large_model: string | null;
  readonly stt?: string | null;
  readonly tts?: string | null;
}

export interface AgentVersion {
  readonly version: number;
  readonly display_name: string;
  readonly prompt: string;
  readonly greeting: string;
  readonly voice: string | null;
  readonly language: string;
  readonly model_policy: ModelPolicy;
  readonly documents: "all" | readonly string[];
  readonly created_at: string;
}

export interface Agent extends AgentVersion {
  readonly id: string;
  readonly name: string;
  readonly is_default: boolean;
  readonly updated_at: string;
}

export interface Document {
  readonly id: string;
  readonly title: string;
  /** The pieces that are searched and quoted. */
  readonly passages: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export type AgentContent = Omit<AgentVersion, "version" | "created_at">;

const at = (name: string) => `/v1/agents/${encodeURIComponent(name)}`;

export const agents = () => requestAll<Agent>("/v1/agents");
export const makeAgent = (agent: AgentContent & { name: string }) => request<Agent>("POST", "/v1/agents", agent);
/** `version`: the one that was read, so that nobody's change is written over unseen. */
export const changeAgent = (name: string, change: Partial<AgentContent> & { is_default?: boolean; version?: number }) => request<Agent>("PATCH", at(name), change);
export const deleteAgent = (name: string) => request<void>("DELETE", at(name));
export const agentVersions = (name: string) => requestAll<AgentVersion>(`${at(name)}/versions`);
export const activateVersion = (name: string, version: number) => request<Agent>("POST", `${at(name)}/versions/${version}/activation`);

export const documents = () => requestAll<Document>("/v1/documents");
export const putDocument = (title: string, text: string) => request<Document>("PUT", "/v1/documents", { title, text });
export const removeDocument = (id: string) => request<void>("DELETE", `/v1/documents/${encodeURIComponent(id)}`);
