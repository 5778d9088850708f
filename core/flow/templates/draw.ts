import type { FlowEdge, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"

/** Columns and rows of a drawing: a node is 200 × 56. */
const column = 250
const row = 120
const box = { width: 200, height: 56 }
/** What a frame keeps free on each side, and for its bar above. */
const padding = 24
const bar = (type: string): number => (type === "group" ? 36 : box.height)

/** A node at a place counted in columns and rows, from the left and the top. */
export const at = (
  x: number,
  y: number,
  id: string,
  type: string,
  label: string,
  data: JsonObject = {},
): FlowNode => ({
  id,
  type,
  position: { x: x * column, y: y * row },
  data,
  label,
})

/** A node that holds others, drawn around them: their places are counted from its inner corner. */
export function around(holder: FlowNode, inside: readonly FlowNode[]): FlowNode[] {
  const top = bar(holder.type) + padding
  const children = inside.map((one) =>
    one.parent_id === undefined
      ? {
          ...one,
          parent_id: holder.id,
          position: { x: one.position.x + padding, y: one.position.y + top },
        }
      : one,
  )
  const own = children.filter((one) => one.parent_id === holder.id)
  const size = {
    width: Math.max(...own.map((one) => one.position.x + (one.size ?? box).width)) + padding,
    height: Math.max(...own.map((one) => one.position.y + (one.size ?? box).height)) + padding,
  }
  return [{ ...holder, size }, ...children]
}

/** A text beside the nodes, for whoever reads the flow. */
export const note = (x: number, y: number, id: string, text: string): FlowNode => ({
  id,
  type: "note",
  position: { x: x * column, y: y * row },
  size: { width: 320, height: 88 },
  data: { text },
})

/** An edge; `handle` names the route when it is not the usual one. */
export const to = (source: string, target: string, handle?: string): FlowEdge => ({
  id: handle === undefined ? `${source}-${target}` : `${source}.${handle}-${target}`,
  source,
  target,
  ...(handle === undefined ? {} : { source_handle: handle }),
})

/** A field of an input form. */
export const field = (title: string, description: string, more: JsonObject = {}): JsonObject => ({
  type: "string",
  title,
  description,
  ...more,
})

/** A text of several lines in a form. */
export const longText = (title: string, description: string): JsonObject =>
  field(title, description, { minLength: 1, format: "textarea" })
