import type { FlowDraft } from "#core/contract/flows"

/** A flow of an input and an output, joined, so that it is whole from its first moment. */
export const blankDraft = (name: string): FlowDraft => ({
  name,
  description: "",
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    { id: "output", type: "output", position: { x: 320, y: 0 }, data: {} },
  ],
  edges: [{ id: "input-output", source: "input", target: "output" }],
  settings: {},
})
