import type { Draft } from "#core/canvas/canvas"
import type { Finding } from "#core/flow/graph"
import type { Proposed } from "./operation.ts"

/** A flow that some of the proposed changes were made to. */
export type Made = {
  draft: Draft
  included: number[]
  /** Which change an edge came by. */
  edges: ReadonlyMap<string, number>
}

/** What makes two findings the same, whatever else is in the flow. */
export const keyOf = ({ code, node_id, edge_id, path }: Finding): string =>
  [code, node_id ?? "", edge_id ?? "", path ?? ""].join("\n")

const topOf = (path: string): string => path.replace(/^data\./, "").split(".")[0]!

/** Whether a finding is about a field that a change has written: then it counts, also where the field was wrong before. */
export function fieldSet(
  { node_id, path }: Finding,
  { included }: Made,
  proposed: readonly Proposed[],
): boolean {
  return included.some((i) => {
    const operation = proposed[i]!.operation!
    if (operation.op === "add_node") return operation.id === node_id
    return (
      operation.op === "set" &&
      operation.node === node_id &&
      path !== undefined &&
      topOf(operation.field) === topOf(path)
    )
  })
}

/** The included changes that a finding comes from, as far as it says so itself. */
export function blameOf(
  { node_id, edge_id, path }: Finding,
  { included, edges }: Made,
  proposed: readonly Proposed[],
): number[] {
  if (edge_id !== undefined) {
    const by = edges.get(edge_id)
    return by === undefined ? [] : [by]
  }
  if (node_id === undefined) return []
  const about = included.filter((i) => {
    const operation = proposed[i]!.operation!
    if (operation.op === "add_node") return operation.id === node_id
    return (operation.op === "set" || operation.op === "put_inside") && operation.node === node_id
  })
  const exact = about.filter((i) => {
    const operation = proposed[i]!.operation!
    return operation.op === "set" && path !== undefined && topOf(operation.field) === topOf(path)
  })
  return exact.length > 0 ? exact : about
}
