import { useAtomValue } from "#web/state/jotai.ts"
import { findingsAtom } from "../atoms.ts"

/** The first finding about a schema of the flow. */
export function useSchemaFault(name: "input_schema" | "output_schema"): string | undefined {
  const findings = useAtomValue(findingsAtom)
  return findings.find((one) => one.node_id === undefined && one.path?.split(".")[0] === name)?.message
}
