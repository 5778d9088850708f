import { resolveBare, resolveFields, resolveTemplate, type Scope } from "#core/flow/expression/template"
import { schemaFaults } from "#core/json-schema"
import type { FlowNode, JsonSchema } from "#core/flow/graph"
import { LlmData } from "#core/flow/kinds/llm"
import type { Json, JsonObject } from "#core/json"
import type { ModelCall } from "#core/llm/call"

/** What a pure step comes to: its output and the handles by which execution goes on. */
export type Performed = { output: Json; handles: string[] }

/** What a model step asks for, with every expression resolved. */
export type ModelStep = {
  provider_id: string | undefined
  model: string | undefined
  call: Omit<ModelCall, "model">
  shown: JsonObject
}

/** Computes a pure step from data alone. Throws an ExpressionError when an expression fails. */
export async function perform(node: FlowNode, scope: Scope): Promise<Performed> {
  const incoming = scope.incoming ?? null
  switch (node.type) {
    case "input":
      return { output: scope.input, handles: ["out"] }
    case "output":
      return {
        output: isEmpty(node.data["value"])
          ? incoming
          : await resolveFields(node.data["value"] as Json, scope),
        handles: [],
      }
    case "transform":
      return { output: await transformed(node.data["value"] ?? null, scope), handles: ["out"] }
    case "merge":
      return { output: incoming, handles: ["out"] }
    case "condition":
      return { output: incoming, handles: [await route(node, scope)] }
    default:
      throw new Error(`no pure step is of kind ${node.type}`)
  }
}

/** What a pinned step comes to: the pinned output, by the route that the step would take. */
export const performPinned = async (node: FlowNode, output: Json, scope: Scope): Promise<Performed> => ({
  output,
  handles: [node.type === "condition" ? await route(node, scope) : "out"],
})

const isEmpty = (value: Json | undefined): boolean => value === undefined || value === ""

const transformed = async (value: Json, scope: Scope): Promise<Json> =>
  (typeof value === "string" ? await resolveBare(value, scope) : await resolveFields(value, scope)) ?? null

/** The first branch whose expression is true, as JSONata's $boolean sees it: empty texts, lists and objects, 0 and null are not. */
async function route(node: FlowNode, scope: Scope): Promise<string> {
  for (const { id, when } of node.data["branches"] as { id: string; when: string }[]) {
    if (isTrue(await resolveBare(when, scope))) return id
  }
  return "else"
}

function isTrue(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(isTrue)
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

/** Resolves a model step's prompts. `shown` is what the journal and the inspector keep. */
export async function modelStep(node: FlowNode, scope: Scope): Promise<ModelStep> {
  const data = LlmData.parse(node.data)
  const prompt = asText(await resolveTemplate(data.prompt, scope))
  const system = data.system === undefined ? undefined : asText(await resolveTemplate(data.system, scope))
  const call = {
    messages: [
      ...(system ? [{ role: "system" as const, content: system }] : []),
      { role: "user" as const, content: prompt },
    ],
    ...(data.temperature === undefined ? {} : { temperature: data.temperature }),
    ...(data.max_tokens === undefined ? {} : { max_tokens: data.max_tokens }),
    ...(data.output_schema === undefined ? {} : { output_schema: data.output_schema }),
  }
  const shown: JsonObject = { prompt, ...(system === undefined ? {} : { system }) }
  return { provider_id: data.llm_provider_id, model: data.model, call, shown }
}

const asText = (value: Json | undefined): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value)

/** What keeps the outputs from fitting the flow's output schema, in one sentence; undefined when they fit. */
export function outputFault(schema: JsonSchema | undefined, outputs: Json): string | undefined {
  if (!schema || Object.keys(schema).length === 0) return undefined
  const [fault] = schemaFaults(schema, outputs)
  return fault && `The outputs do not fit the output schema: ${fault.path || "the value"}: ${fault.message}`
}
