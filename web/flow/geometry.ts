import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Handle } from "#core/flow/kinds/kind"

/** Sizes on the canvas, in its own pixels. Known beforehand, so that edges and the mini-map need no measuring. */
export const nodeWidth = 200
const nodeLeast = 56
const handleStep = 16
const out: Handle = { id: "out", label: "Out" }

export type Point = { x: number; y: number }
export type Size = { width: number; height: number }
export type Box = Point & Size

type Drawn = Pick<FlowNode, "type" | "data" | "size">

/** How a kind is drawn: as a step, as a frame around other nodes, or as a sheet of paper. */
export type Look = "step" | "frame" | "note"

export function lookOf({ type, size }: Pick<FlowNode, "type" | "size">): Look {
  if (type === "note") return "note"
  // Who hands on work is drawn around it, where an execution shows that: nothing else gives an agent a size.
  if (type === "agent" && size !== undefined) return "frame"
  return kindOf(type)?.holds === undefined ? "step" : "frame"
}

export const isFrame = (node: Pick<FlowNode, "type" | "size">): boolean => lookOf(node) === "frame"

/** The bar at a frame's top that names it. */
export const frameHeader = (node: Pick<FlowNode, "type">): number => (node.type === "group" ? 36 : nodeLeast)
/** What a frame leaves free around the nodes inside it. */
export const framePadding = 24

/** A new frame has room for its hint and a node; a new note for a few lines. */
const usualSize = (node: Pick<FlowNode, "type">): Size =>
  lookOf(node) === "note" ? { width: 224, height: 136 } : { width: 376, height: 184 }
export const leastSize = (node: Pick<FlowNode, "type">): Size =>
  lookOf(node) === "note" ? { width: 120, height: 64 } : { width: 248, height: frameHeader(node) + 80 }

/** How large a node is drawn. */
export function sizeOf(node: Drawn): Size {
  if (lookOf(node) === "step") return { width: nodeWidth, height: stepHeight(node) }
  const { width, height } = node.size ?? usualSize(node)
  const least = leastSize(node)
  return { width: Math.max(width, least.width), height: Math.max(height, least.height) }
}

/** Kinds that this installation lacks still show their way out. */
export const handlesOf = (node: Pick<FlowNode, "type" | "data">): Handle[] =>
  kindOf(node.type)?.handles(node.data) ?? [out]

export type PlacedHandle = Handle & { y: number }

/** Where the handles out sit on the right edge: of a frame, on its bar. The error handle keeps below the others, out of the way. */
export function placedHandles(node: Drawn): PlacedHandle[] {
  const handles = handlesOf(node)
  const height = barHeight(node)
  const routes = handles.filter((handle) => handle.id !== "error")
  const first = height / 2 - ((routes.length - 1) * handleStep) / 2
  return handles.map((handle) =>
    handle.id === "error"
      ? { ...handle, y: height - 10 }
      : { ...handle, y: first + routes.indexOf(handle) * handleStep },
  )
}

/** Where edges arrive at the left edge. */
export const arrivalY = (node: Drawn): number => barHeight(node) / 2

const barHeight = (node: Drawn): number => (isFrame(node) ? frameHeader(node) : sizeOf(node).height)

/** A step grows when its routes need more room than 56 px give. */
function stepHeight(node: Pick<FlowNode, "type" | "data">): number {
  const routes = handlesOf(node).filter((handle) => handle.id !== "error").length
  return Math.max(nodeLeast, (routes + 1) * handleStep - 8)
}
