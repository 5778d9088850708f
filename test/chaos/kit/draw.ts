/** A step as the harness writes it: nodes and edges without places. */
export interface Step {
  id: string
  type: string
  data: object
  parent_id?: string
}

export type Link = [source: string, target: string, handle?: string]

/** A flow from its steps and links. */
export const draw = (name: string, steps: readonly Step[], links: readonly Link[]) => ({
  name,
  description: "Drawn by the chaos harness",
  nodes: steps.map((step, i) => ({ ...step, position: { x: i * 240, y: 0 } })),
  edges: links.map(([source, target, handle]) => ({
    id: `${source}-${handle ?? "out"}-${target}`,
    source,
    target,
    ...(handle === undefined ? {} : { source_handle: handle }),
  })),
})
