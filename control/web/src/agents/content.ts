// What a form says of an agent.
import type { AgentContent, ModelPolicy } from "./api.ts";

/** `policy`: the present one, whose parts that the form does not show are kept. */
export function readAgent(data: FormData, policy: ModelPolicy | null): AgentContent {
  const text = (name: string) => String(data.get(name) ?? "").trim();
  return {
    display_name: text("display_name"),
    prompt: text("prompt"),
    greeting: text("greeting"),
    voice: text("voice") || null,
    language: text("language"),
    documents: text("quotes") === "some" ? data.getAll("documents").map(String) : "all",
    model_policy: {
      ...policy,
      preset: text("preset") || null,
      small_model: text("small_model") || null,
      large_model: text("large_model") || null,
    },
  };
}
