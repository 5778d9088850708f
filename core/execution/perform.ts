import { resolveBare, resolveFields, type Scope } from "#core/flow/expression/template"
import { schemaFaults } from "#core/json-schema"
import type { FlowNode, JsonSchema } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { asText, isJsonObject, type Json } from "#core/json"
import { modelHandle } from "./steps/model.ts"

/** What a pure step comes to: its output and the handles by which execution goes on. */
export type Performed = { output: Json; handles: string[] }

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
export const performPinned = async (node: FlowNode, given: Json, scope: Scope): Promise<Performed> => {
  const output = outputGiven(node, given)
  return {
    output,
    handles: [node.type === "condition" ? await route(node, scope) : routeGiven(node, output)],
  }
}

/** A result that was given, as the step would say it: for a thought that asks for no calls, it is the agent's answer. */
export function outputGiven(node: Pick<FlowNode, "type">, output: Json): Json {
  if (node.type !== "think") return output
  if (isJsonObject(output) && ["answer", "tool_calls", "fault"].some((name) => Object.hasOwn(output, name)))
    return output
  return { text: asText(output), answer: output }
}

/** The route that a result means which was given instead of worked out: that of its class or button, if it names one. */
export function routeGiven(node: FlowNode, output: Json): string {
  if (node.type === "classify") return modelHandle(node, output)
  if (node.type === "think") return asksForCalls(output) ? "calls" : "out"
  const handles = kindOf(node.type)?.handles(node.data) ?? []
  const named = isJsonObject(output) ? output["button"] : undefined
  return handles.find((handle) => handle.id === named)?.id ?? handles[0]?.id ?? "out"
}

const asksForCalls = (thought: Json): boolean => {
  const asked = isJsonObject(thought) ? thought["tool_calls"] : undefined
  return Array.isArray(asked) && asked.length > 0
}

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

/** What counts as true, as JSONata's $boolean sees it. */
export function isTrue(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.some(isTrue)
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0
  return Boolean(value)
}

/** What keeps the outputs from fitting the flow's output schema, in one sentence; undefined when they fit. */
export function outputFault(schema: JsonSchema | undefined, outputs: Json): string | undefined {
  if (!schema || Object.keys(schema).length === 0) return undefined
  const [fault] = schemaFaults(schema, outputs)
  return fault && `The outputs do not fit the output schema: ${fault.path || "the value"}: ${fault.message}`
}
