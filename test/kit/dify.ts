import { expect } from "vitest"
import type { FrozenGraph } from "#core/flow/frozen"
import { validateFlow } from "#core/flow/validate"
import type { Json, JsonObject } from "#core/json"
import { importDocument, type Imported } from "#core/exchange/import"
import { readDocument } from "#core/exchange/read"
import { evaluated } from "./programs.ts"
import { simulate, type Outside } from "./simulate.ts"

/** A step: its id, the frame around it, and what its data says. */
export type Part = { id: string; parent?: string; type: string } & JsonObject

/** An app of Dify, in the shape of its files. */
export function app(
  parts: Part[],
  edges: [string, string, string?][],
  more: JsonObject = {},
  mode = "workflow",
) {
  const nodes = parts.map(({ id, parent, ...data }, i) => ({
    id,
    type: data.type === "custom-note" ? "custom-note" : "custom",
    position: { x: i * 300, y: 0 },
    ...(parent === undefined ? {} : { parentId: parent }),
    data: { title: id, ...data },
  }))
  const graph = {
    nodes,
    edges: edges.map(([source, target, sourceHandle = "source"]) => ({ source, target, sourceHandle })),
  }
  return { app: { name: "App", mode }, kind: "app", version: "0.5.0", workflow: { graph, ...more } }
}

export function imported(document: JsonObject | string): Imported {
  const read = readDocument(document)
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  const made = importDocument(read.document, "dify", {
    here: { tool: () => undefined, model: () => undefined },
    crew_id: "crew_01JD0000000000000000000000",
    tool_id: (node_id) => `tool_01JD0000000000000000000${String(node_id.length).padStart(3, "0")}`,
  })
  if (!made.ok) throw new Error(JSON.stringify(made.faults))
  return made.imported
}

/** What an app answers when it is executed here; an import that could not be executed is none. */
export async function executed(
  document: JsonObject,
  inputs: JsonObject = {},
  outside: Outside = {},
): Promise<Json> {
  const { nodes, edges, input_schema, tools: made = [] } = imported(document)
  const graph = { nodes, edges, settings: {}, ...(input_schema ? { input_schema } : {}) }
  expect(validateFlow(graph).filter((one) => one.severity === "error")).toEqual([])
  const tools: FrozenGraph["tools"] = Object.fromEntries(made.map(({ id, draft }) => [id, { ...draft, id }]))
  const { state } = await simulate({ ...graph, tools }, inputs, { program: evaluated, ...outside })
  expect(state.error).toBeUndefined()
  return state.outputs ?? null
}

export const told = (made: Imported, name: string) => made.report.nodes.find((one) => one.name === name)
export const start = (...variables: JsonObject[]): Part => ({ id: "start", type: "start", variables })
export const field = (variable: string, type: string): JsonObject => ({ variable, type, label: variable })
export const end = (id: string, ...outputs: [string, ...string[]][]): Part => ({
  id,
  type: "end",
  outputs: outputs.map(([variable, ...value_selector]) => ({ variable, value_selector })),
})
export const template = (id: string, text: string, ...variables: [string, ...string[]][]): Part => ({
  id,
  type: "template-transform",
  template: text,
  variables: variables.map(([variable, ...value_selector]) => ({ variable, value_selector })),
})
export const when = (id: string, ...conditions: [Json[], string, Json?, string?][]): Part => ({
  id,
  type: "if-else",
  cases: [
    {
      case_id: "true",
      logical_operator: "and",
      conditions: conditions.map(
        ([variable_selector, comparison_operator, value = "", varType = "string"]) => ({
          variable_selector,
          comparison_operator,
          value,
          varType,
        }),
      ),
    },
  ],
})
