import type { FlowEdge, FlowNode, JsonSchema } from "#core/flow/graph"
import type { JsonObject } from "#core/json"

/** An example flow to begin with. It works on the builtin model; a sample shows what it does. */
export type FlowTemplate = {
  id: string
  name: string
  description: string
  flow: {
    name: string
    description: string
    nodes: FlowNode[]
    edges: FlowEdge[]
    input_schema: JsonSchema
    settings: Record<string, never>
  }
  sample_inputs: JsonObject
}

type Drawing = Pick<FlowTemplate["flow"], "nodes" | "edges"> & { inputs: JsonObject }

/** A template whose flow carries its name, with every field of the form required. */
export function template(
  id: string,
  name: string,
  description: string,
  { nodes, edges, inputs }: Drawing,
  sample_inputs: JsonObject,
): FlowTemplate {
  const required = Object.entries(inputs).flatMap(([key, schema]) =>
    typeof schema === "object" && schema !== null && "default" in schema ? [] : [key],
  )
  const properties = Object.fromEntries(
    Object.entries(inputs).map(([key, schema]) => [
      key,
      { ...(schema as JsonObject), examples: [sample_inputs[key] ?? null] },
    ]),
  )
  const input_schema = { type: "object", properties, required, additionalProperties: false }
  return {
    id,
    name,
    description,
    flow: { name, description, nodes, edges, input_schema, settings: {} },
    sample_inputs,
  }
}
