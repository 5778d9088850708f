const keyOf = (flowId: string) => `edgecrew.folds.${flowId}`

/** Which frames of a flow were folded in this browser. */
export function keptFolds(flowId: string): Set<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(flowId)) ?? "[]")
    return new Set(Array.isArray(kept) ? kept.filter((id): id is string => typeof id === "string") : [])
  } catch {
    return new Set()
  }
}

export function keepFolds(flowId: string, folded: ReadonlySet<string>): void {
  try {
    if (folded.size === 0) localStorage.removeItem(keyOf(flowId))
    else localStorage.setItem(keyOf(flowId), JSON.stringify([...folded]))
  } catch {
    // A full or forbidden storage costs the convenience, nothing else.
  }
}
