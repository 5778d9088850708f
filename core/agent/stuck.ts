import { isJsonObject, type Json } from "#core/json"
import type { ToolCall } from "#core/llm/call"
import type { Turn } from "./turn.ts"

/** So many calls with the same arguments, and the agent goes in a circle: it is asked for its answer. */
const mostAlike = 4

/** The same for calls that ask for the same, however the model orders the arguments. */
const keyOf = ({ name, arguments: given }: ToolCall): string => `${name} ${JSON.stringify(ordered(given))}`

function ordered(value: Json): Json {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, ordered(value[key]!)]),
  )
}

/** How often a call was asked for before. */
export function timesCalled(call: ToolCall, earlier: readonly ToolCall[]): number {
  const key = keyOf(call)
  return earlier.filter((one) => keyOf(one) === key).length
}

/** Whether an agent asks for the same over and over, though it was told that this leads nowhere. */
export function isStuck(turns: readonly Turn[]): boolean {
  const counts = new Map<string, number>()
  for (const call of turns.flatMap((turn) => turn.tool_calls)) {
    const count = (counts.get(keyOf(call)) ?? 0) + 1
    if (count >= mostAlike) return true
    counts.set(keyOf(call), count)
  }
  return false
}
