import { useCallback } from "react"
import { useAtomValue } from "#web/state/jotai.ts"
import { nodeFindingsAtom } from "../atoms.ts"

/** What is wrong at a field of a node's data: at the field itself, or deeper inside of its value. */
export function useFaults(nodeId: string): (path: string) => string | undefined {
  const findings = useAtomValue(nodeFindingsAtom(nodeId))
  return useCallback(
    (path: string) => findings.find((one) => one.path === path || one.path?.startsWith(`${path}.`))?.message,
    [findings],
  )
}
