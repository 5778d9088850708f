import { useAtomValue } from "#web/state/jotai.ts"
import { findingsAtom } from "../atoms.ts"
import type { SchemaFault } from "./schema-part.tsx"

/** The findings about a schema of the flow, each with its place in the schema. */
export function useSchemaFaults(name: "input_schema" | "output_schema"): SchemaFault[] {
  const findings = useAtomValue(findingsAtom)
  return findings.flatMap(({ node_id, path, message }) => {
    if (node_id !== undefined || path === undefined) return []
    if (path !== name && !path.startsWith(`${name}.`)) return []
    return [{ path: path.slice(name.length + 1), message }]
  })
}
