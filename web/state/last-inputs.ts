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

const callKeyOf = (toolId: string) => `edgecrew.call.${toolId}`

/** The execution that a tool was called by the last time, so that a reload shows it again; for this tab only, like its inputs. */
export function lastCall(toolId: string): string | null {
  try {
    return sessionStorage.getItem(callKeyOf(toolId))
  } catch {
    return null
  }
}

export function keepCall(toolId: string, executionId: string): void {
  try {
    sessionStorage.setItem(callKeyOf(toolId), executionId)
  } catch {
    // As with the inputs.
  }
}
