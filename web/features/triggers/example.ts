import type { FlowDraft } from "#core/contract/flows"

const flow: FlowDraft = {
  name: "Webhook example",
  description: "Greets whoever a webhook names.",
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "greet",
      type: "transform",
      position: { x: 280, y: 0 },
      data: { value: "{{ 'Hello, ' & input.name & '!' }}" },
    },
    { id: "output", type: "output", position: { x: 560, y: 0 }, data: {} },
  ],
  edges: [
    { id: "input-greet", source: "input", target: "greet" },
    { id: "greet-output", source: "greet", target: "output" },
  ],
  input_schema: {
    type: "object",
    properties: { name: { type: "string", title: "Name", examples: ["Ada"] } },
    required: ["name"],
  },
  settings: {},
}

/** A flow and a webhook that work at once, for somebody who has never used one. */
export const exampleDrafts = {
  flow,
  trigger: {
    kind: "webhook" as const,
    name: "Say hello",
    config: { inputs: "body" as const, reply: { mode: "outputs" as const } },
  },
}
