import type { NodeProps } from "@xyflow/react"

/** Where a node lies is the wrapper's business; what it shows depends on these only. */
export function sameNode(one: NodeProps, other: NodeProps): boolean {
  return one.id === other.id && one.type === other.type && one.selected === other.selected
}
