import { isJsonObject, type JsonObject } from "#core/json"

const keyOf = (flowId: string) => `edgecrew.inputs.${flowId}`

/** What was entered the last time, kept for this tab only: inputs may be confidential. */
export function lastInputs(flowId: string): JsonObject {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(flowId)) ?? "{}")
    return isJsonObject(kept) ? kept : {}
  } catch {
    return {}
  }
}

export function keepInputs(flowId: string, inputs: JsonObject): void {
  try {
    sessionStorage.setItem(keyOf(flowId), JSON.stringify(inputs))
  } catch {
    // A full or forbidden storage costs the convenience, nothing else.
  }
}
