import { useCallback } from "react"
import { useAtomValue } from "#web/state/jotai.ts"
import { nodeFindingsAtom } from "../atoms.ts"

/** What is wrong at a dotted path of a node's data: at the field itself, or `within` it too. */
export type FaultAt = (path: string, where?: "within") => string | undefined

export function useFaults(nodeId: string): FaultAt {
  const findings = useAtomValue(nodeFindingsAtom(nodeId))
  return useCallback(
    (path, where) =>
      findings.find((one) => one.path === path || (where === "within" && one.path?.startsWith(`${path}.`)))
        ?.message,
    [findings],
  )
}
