import { resolveBare, resolveFields, type Scope } from "#core/flow/expression/template"
import type { Callee, FlowNode } from "#core/flow/graph"
import { LoopData } from "#core/flow/kinds/loop"
import { MapData, mostItems } from "#core/flow/kinds/map"
import { SubflowData } from "#core/flow/kinds/subflow"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { isTrue } from "../perform.ts"
import { StepFailure } from "./failure.ts"

/** What a node that holds a body begins with: kept as its input, since every scope inside is made from it. */
export type BodyStep = { input: JsonObject; total: number | undefined }

export async function mapStep(node: FlowNode, scope: Scope): Promise<BodyStep> {
  const data = MapData.parse(node.data)
  const items =
    typeof data.items === "string"
      ? await resolveBare(data.items, scope)
      : await resolveFields(data.items, scope)
  if (!Array.isArray(items)) {
    const got =
      items === undefined
        ? "nothing"
        : items === null
          ? "null"
          : isJsonObject(items)
            ? "an object"
            : `a ${typeof items}`
    throw new StepFailure("map.not_a_list", `A map goes through a list; its items came to ${got}.`)
  }
  if (items.length > mostItems) {
    throw new StepFailure(
      "map.too_many_items",
      `A map takes ${mostItems} items at most; there are ${items.length}. Split the list.`,
    )
  }
  return { input: { items }, total: items.length }
}

export async function loopStep(node: FlowNode, scope: Scope): Promise<BodyStep> {
  const { state } = LoopData.parse(node.data)
  const first =
    typeof state === "string" ? await resolveBare(state, scope) : await resolveFields(state, scope)
  return { input: { state: first ?? null }, total: undefined }
}

export async function subflowStep(node: FlowNode, callee: Callee, scope: Scope): Promise<BodyStep> {
  const { inputs } = SubflowData.parse(node.data)
  const given = await resolveFields(inputs, scope)
  return calledWith(callee, isJsonObject(given) ? given : {})
}

/** What a called flow begins with, if it fits what the flow takes. */
export function calledWith(callee: Callee, filled: JsonObject): BodyStep {
  const schema = callee.graph.input_schema
  if (!schema) return { input: { inputs: filled }, total: 1 }
  const whole = withDefaults(schema, filled)
  const [fault] = schemaFaults(schema, whole)
  if (fault) {
    throw new StepFailure(
      "subflow.inputs_invalid",
      `The inputs do not fit ${callee.name}: ${fault.path || "the inputs"}: ${fault.message}`,
    )
  }
  return { input: { inputs: whole }, total: 1 }
}

/** Whether a loop has an iteration of this number. `until` is asked after an iteration, `while` before one. */
export async function goesOn(node: FlowNode, state: Json, index: number, outside: Scope): Promise<boolean> {
  const data = LoopData.parse(node.data)
  if (index >= data.max_iterations) return false
  if (index > 0 && data.until !== undefined && data.until !== "") {
    if (isTrue(await resolveBare(data.until, { ...outside, state, index: index - 1 }))) return false
  }
  if (data.while === undefined || data.while === "") return true
  return isTrue(await resolveBare(data.while, { ...outside, state, index }))
}
