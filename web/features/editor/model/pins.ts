import { isJsonObject, type JsonObject } from "#core/json"

const keyOf = (flowId: string) => `edgecrew.pins.${flowId}`

/** What was pinned in this tab: like inputs it may be confidential, so it is kept nowhere else. */
export function keptPins(flowId: string): JsonObject {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(flowId)) ?? "{}")
    return isJsonObject(kept) ? kept : {}
  } catch {
    return {}
  }
}

export function keepPins(flowId: string, pins: JsonObject): void {
  try {
    if (Object.keys(pins).length === 0) sessionStorage.removeItem(keyOf(flowId))
    else sessionStorage.setItem(keyOf(flowId), JSON.stringify(pins))
  } catch {
    // A full or forbidden storage costs the convenience, nothing else.
  }
}
