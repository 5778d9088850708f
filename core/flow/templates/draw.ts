import type { FlowEdge, FlowNode } from "#core/flow/graph"
import type { JsonObject } from "#core/json"

/** Columns and rows of a drawing: a node is 200 × 56. */
const column = 250
const row = 120

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
