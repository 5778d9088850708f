import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Handle } from "#core/flow/kinds/kind"

/** Sizes on the canvas, in its own pixels. Known beforehand, so that edges and the mini-map need no measuring. */
export const nodeWidth = 200
const nodeLeast = 56
const handleStep = 16
const out: Handle = { id: "out", label: "Out" }

/** Kinds that this installation lacks still show their way out. */
export const handlesOf = (node: Pick<FlowNode, "type" | "data">): Handle[] =>
  kindOf(node.type)?.handles(node.data) ?? [out]

export type PlacedHandle = Handle & { y: number }

/** Where the handles out sit on the right edge. The error handle keeps below the others, out of the way. */
export function placedHandles(node: Pick<FlowNode, "type" | "data">): PlacedHandle[] {
  const handles = handlesOf(node)
  const height = nodeHeight(node)
  const routes = handles.filter((handle) => handle.id !== "error")
  const first = height / 2 - ((routes.length - 1) * handleStep) / 2
  return handles.map((handle) =>
    handle.id === "error"
      ? { ...handle, y: height - 10 }
      : { ...handle, y: first + routes.indexOf(handle) * handleStep },
  )
}

/** A node grows when its routes need more room than 56 px give. */
export function nodeHeight(node: Pick<FlowNode, "type" | "data">): number {
  const routes = handlesOf(node).filter((handle) => handle.id !== "error").length
  return Math.max(nodeLeast, (routes + 1) * handleStep - 8)
}
