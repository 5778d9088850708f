import type { Json, JsonObject } from "#core/json"

/**
 * What is pinned for a step, by its key: `draft`, `team/report`, `each[3]/draft`. A key without numbers, such as `each/draft`, is
 * meant for all iterations. Undefined when nothing is.
 */
export function pinnedFor(pinned: JsonObject, key: string): Json | undefined {
  // Nodes may be named like what every object inherits.
  if (Object.hasOwn(pinned, key)) return pinned[key]
  const place = key.replace(/\[\d+\]/g, "")
  return Object.hasOwn(pinned, place) ? pinned[place] : undefined
}
