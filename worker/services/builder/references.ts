import { blameOf } from "#core/builder/blame"
import type { Proposed } from "#core/builder/operation"
import type { Draft } from "#core/canvas/canvas"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import { findingsOf } from "#worker/services/flow-parts/references"

const isReference = (code: string): boolean =>
  code.startsWith("reference.") || code === "subflow.recursive" || code === "tool.inputs_invalid"

/**
 * The changes with what only the tenant's database knows about them: one that names an agent, crew, tool, flow or provider of
 * nobody, or of another tenant, cannot be accepted. The very same list when there is nothing to say.
 */
export async function withReferences(
  ctx: Ctx,
  id: FlowId,
  draft: Draft,
  proposed: Proposed[],
): Promise<Proposed[]> {
  const touched = proposed.flatMap(({ operation }, i) => (operation ? [i] : []))
  const findings = await findingsOf(ctx, id, draft)
  const made = { draft, included: touched, edges: new Map<string, number>() }
  const faults = new Map<number, string[]>()
  for (const finding of findings) {
    if (finding.severity !== "error" || !isReference(finding.code)) continue
    for (const i of namersOf(finding.path ?? "", blameOf(finding, made, proposed), proposed))
      faults.set(i, [...(faults.get(i) ?? []), finding.message])
  }
  if (faults.size === 0) return proposed
  return proposed.map((one, i) => {
    const more = faults.get(i)
    return more ? { ...one, faults: [...one.faults, ...more] } : one
  })
}

/** Of the changes of a node those that write the field, or make the node. */
const namersOf = (path: string, blamed: readonly number[], proposed: readonly Proposed[]): number[] =>
  blamed.filter((i) => {
    const operation = proposed[i]?.operation
    if (operation?.op !== "set") return operation?.op === "add_node"
    const field = operation.field.replace(/^data\./, "").split(".")[0]
    return field === path.split(".")[0]
  })
