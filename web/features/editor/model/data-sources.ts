import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { ancestry } from "#core/flow/walk"
import { isJsonObject, type Json } from "#core/json"
import { asPathStep } from "./expression-tokens.ts"

/** Something that an expression can refer to: the inputs, or a node that comes before. */
export type DataSource = {
  /** The node's id; null for the inputs. */
  node: FlowNode | null
  references: { path: string; label: string; type: string | undefined; sample: Json | undefined }[]
}

const mostFields = 40

/**
 * What a node's expressions may use: the flow's inputs and every node upstream, with the fields that a schema promises or
 * the last execution showed.
 */
export function dataSources(
  draft: Pick<FlowDraft, "nodes" | "edges" | "input_schema">,
  nodeId: string,
  seen: (id: string) => Json | undefined,
): DataSource[] {
  const known = new Set(draft.nodes.map((node) => node.id))
  const isBefore = ancestry(
    [...known],
    draft.edges.filter((edge) => known.has(edge.source) && known.has(edge.target)),
  )
  const input = draft.nodes.find((node) => node.type === "input")
  const inputs: DataSource = {
    node: null,
    references: referencesTo("input", draft.input_schema, input && seen(input.id)),
  }
  // The input node's output is the inputs themselves; a second name for them would only confuse.
  const nodes = draft.nodes.filter(
    (node) => node.id !== nodeId && isBefore(nodeId, node.id) && node.type !== "input",
  )
  return [
    inputs,
    ...nodes.map((node): DataSource => ({
      node,
      references: referencesTo(
        `nodes.${asPathStep(node.id)}`,
        isJsonObject(node.data["output_schema"])
          ? node.data["output_schema"]
          : node.type === "llm"
            ? { type: "string" }
            : undefined,
        seen(node.id),
      ),
    })),
  ]
}

function referencesTo(
  path: string,
  schema: Json | undefined,
  sample: Json | undefined,
): DataSource["references"] {
  const properties = isJsonObject(schema) && isJsonObject(schema["properties"]) ? schema["properties"] : {}
  const sampled = isJsonObject(sample) ? sample : {}
  const names = [...new Set([...Object.keys(properties), ...Object.keys(sampled)])].slice(0, mostFields)
  const whole = { path, label: path, type: typeOf(schema, sample), sample }
  return [
    whole,
    ...names.map((name) => ({
      path: `${path}.${asPathStep(name)}`,
      label: name,
      type: typeOf(properties[name], sampled[name]),
      sample: sampled[name],
    })),
  ]
}

function typeOf(schema: Json | undefined, sample: Json | undefined): string | undefined {
  if (isJsonObject(schema) && typeof schema["type"] === "string") return schema["type"]
  if (sample === undefined) return undefined
  if (sample === null) return "null"
  return Array.isArray(sample) ? "array" : typeof sample
}
