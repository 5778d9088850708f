import type { BodyIn } from "#core/contract/endpoint"
import type { flowsApi } from "#core/contract/flows"
import type { JsonObject } from "#core/json"
import { unique } from "./tenants.ts"

/** A flow that asks a person, and says what they said. */
export const askingDraft = (
  data: JsonObject = {},
  name = unique("asking"),
): BodyIn<typeof flowsApi.create> => ({
  name,
  nodes: [
    { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
    {
      id: "ask",
      type: "approval",
      position: { x: 280, y: 0 },
      data: {
        title: "Pay {{ input.sum }}?",
        buttons: [
          { id: "yes", label: "Pay" },
          { id: "no", label: "Refuse" },
        ],
        ...data,
      },
    },
    { id: "output", type: "output", position: { x: 560, y: 0 }, data: { value: "{{ nodes.ask.button }}" } },
  ],
  edges: [
    { id: "a", source: "input", target: "ask" },
    { id: "b", source: "ask", target: "output", source_handle: "yes" },
    { id: "c", source: "ask", target: "output", source_handle: "no" },
  ],
})

/** A flow that asks, and waits to be called beside it. */
export function waitingDraft(): ReturnType<typeof askingDraft> {
  const { nodes = [], edges = [], ...draft } = askingDraft()
  const hold = { id: "hold", type: "wait", position: { x: 0, y: 200 }, data: { callback: true } }
  return {
    ...draft,
    nodes: [...nodes, hold],
    edges: [...edges, { id: "d", source: "input", target: "hold" }],
  }
}
