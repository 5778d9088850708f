import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { ReportedUsage } from "../usage.ts"

/** Whether a line of a vendor's stream is of an answer: it is at work then. An error is none, nor what cannot be read. */
export const isOfAnswer = (line: unknown): boolean =>
  isJsonObject(line) && isEmpty(line["error"]) && line["type"] !== "error"

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === null

/**
 * What a vendor has counted so far, as a line of its stream says: the library tells it only at the end, which a stream that breaks
 * does not come to. Undefined where the line says nothing of it.
 */
export function reportedIn(line: unknown): ReportedUsage | undefined {
  if (!isJsonObject(line)) return undefined
  const { usage, usageMetadata, message, response } = line
  if (isJsonObject(usageMetadata)) return ofGoogle(usageMetadata)
  // At its beginning Anthropic knows what was read, and not what will be said.
  if (isJsonObject(message) && isJsonObject(message["usage"])) return inputOfAnthropic(message["usage"])
  if (isJsonObject(response) && isJsonObject(response["usage"])) return ofResponse(response["usage"])
  return isJsonObject(usage) ? ofOpenAi(usage) : undefined
}

const count = (holder: Json | undefined, name: string): number | undefined => {
  const value = isJsonObject(holder) ? holder[name] : undefined
  return typeof value === "number" ? value : undefined
}

/** Only what is said: a count that this line leaves out may have stood in one before. */
const said = (usage: ReportedUsage): ReportedUsage =>
  Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== undefined))

/** The Responses API. */
const ofResponse = (usage: JsonObject): ReportedUsage =>
  said({ input_tokens: count(usage, "input_tokens"), output_tokens: count(usage, "output_tokens") })

/** Chat completions, of servers that count along; the last of Anthropic's lines. */
const ofOpenAi = (usage: JsonObject): ReportedUsage =>
  said({
    input_tokens: count(usage, "prompt_tokens"),
    output_tokens: count(usage, "completion_tokens") ?? count(usage, "output_tokens"),
    cache_read_tokens: count(usage["prompt_tokens_details"], "cached_tokens"),
    reasoning_tokens: count(usage["completion_tokens_details"], "reasoning_tokens"),
  })

function inputOfAnthropic(usage: JsonObject): ReportedUsage {
  const read = count(usage, "cache_read_input_tokens")
  const write = count(usage, "cache_creation_input_tokens")
  const fresh = count(usage, "input_tokens")
  return said({
    input_tokens: fresh === undefined ? undefined : fresh + (read ?? 0) + (write ?? 0),
    cache_read_tokens: read,
    cache_write_tokens: write,
  })
}

function ofGoogle(usage: JsonObject): ReportedUsage {
  const spoken = count(usage, "candidatesTokenCount")
  const thoughts = count(usage, "thoughtsTokenCount")
  return said({
    input_tokens: count(usage, "promptTokenCount"),
    output_tokens:
      spoken === undefined && thoughts === undefined ? undefined : (spoken ?? 0) + (thoughts ?? 0),
    cache_read_tokens: count(usage, "cachedContentTokenCount"),
    reasoning_tokens: thoughts,
  })
}
