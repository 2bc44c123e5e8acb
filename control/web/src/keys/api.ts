// Control's HTTP interface for a company's keys, and for the origins that may use them.
import { request, requestAll } from "../http.ts";

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** The first characters of the key. */
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly revoked_at: string | null;
  readonly replaced_by: string | null;
}

export type NewApiKey = ApiKey & { readonly key: string };

export type ProviderName = "openai" | "google" | "anthropic";

export interface ProviderKey {
  readonly provider: ProviderName;
  /** The last characters of the key; empty where there is only an address. */
  readonly hint: string;
  readonly base_url: string | null;
  readonly updated_at: string;
}

const at = (list: string, id: string) => `/v1/${list}/${encodeURIComponent(id)}`;

export const apiKeys = () => requestAll<ApiKey>("/v1/api-keys");
export const makeApiKey = (key: { name: string; scopes: readonly string[]; expires_at: string | null }) => request<NewApiKey>("POST", "/v1/api-keys", key);
export const rotateApiKey = (id: string, overlapS: number) => request<NewApiKey>("POST", `${at("api-keys", id)}/rotation`, { overlap_s: overlapS });
export const revokeApiKey = (id: string) => request<void>("DELETE", at("api-keys", id));

export const providerKeys = async () => (await request<{ data: ProviderKey[] }>("GET", "/v1/provider-keys")).data;
export const setProviderKey = (provider: ProviderName, key: { api_key?: string; base_url?: string }) => request<ProviderKey>("PUT", at("provider-keys", provider), key);
export const removeProviderKey = (provider: ProviderName) => request<void>("DELETE", at("provider-keys", provider));

export const allowedOrigins = async () => (await request<{ origins: string[] }>("GET", "/v1/allowed-origins")).origins;
export const setAllowedOrigins = async (origins: readonly string[]) => (await request<{ origins: string[] }>("PUT", "/v1/allowed-origins", { origins })).origins;
