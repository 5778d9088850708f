import type { Json, JsonObject } from "#core/json"
import { numberOf, objectOf, objectsOf, textOf } from "../fields.ts"

/** Kinds of ours that take how often a step is tried, and what happens when it fails. */
const taking = new Set(["llm", "http", "code", "agent", "tool"])

/** What is done when a step fails: the same for every kind that can say so. */
export function failingOf(data: JsonObject, becomes: string): JsonObject {
  if (!taking.has(becomes)) return {}
  const retry = objectOf(data["retry_config"])
  const tries = numberOf(retry["max_retries"])
  const isRetried = retry["retry_enabled"] === true && tries !== undefined && tries >= 1
  const wait = Math.min(600_000, Math.max(0, Math.trunc(numberOf(retry["retry_interval"]) ?? 1_000)))
  const strategy = textOf(data["error_strategy"])
  return {
    ...(isRetried
      ? { retry: { max_attempts: Math.min(10, Math.trunc(tries) + 1), backoff_ms: wait, factor: 1 } }
      : {}),
    ...(strategy === "fail-branch"
      ? { on_error: "route" }
      : strategy === "default-value"
        ? { on_error: "continue", error_value: insteadOf(data, becomes) }
        : {}),
  }
}

/** The values that a step gives when it fails, in the shape of what it gives otherwise. */
function insteadOf(data: JsonObject, becomes: string): Json {
  const given = Object.fromEntries(
    objectsOf(data["default_value"]).map((one): [string, Json] => [
      textOf(one["key"]) || "value",
      one["value"] ?? null,
    ]),
  )
  if (becomes === "llm" || becomes === "agent") return given["text"] ?? ""
  if (becomes !== "http") return given
  const { status_code, ...rest } = given
  return status_code === undefined ? rest : { status: status_code, ...rest }
}
