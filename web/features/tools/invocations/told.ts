import type { ReplyOf } from "#core/contract/endpoint"
import type { executionsApi } from "#core/contract/executions"
import type { Invocation } from "#core/contract/tools"
import type { StepError } from "#core/execution/event"
import { holderOf, nodeKey } from "#core/execution/state"
import { isJsonObject, type Json } from "#core/json"
import type * as z from "zod"

type Call = z.infer<typeof Invocation>
type Called = ReplyOf<typeof executionsApi.get>

/** What a call was made with and what came of it, as far as its execution still tells. */
export type Told = {
  input: Json | undefined
  output: Json | undefined
  error: StepError | undefined
  /** There was too much for one answer: the execution's page has it. */
  isCut: boolean
}

/** Finds a call among the steps of its execution. A tool that is a flow is the step which opened that flow. */
export function toldOf(call: Call, { execution, nodes }: Called): Told {
  if (call.flow_id.startsWith("tool_")) {
    const { inputs, outputs, error } = execution
    return { input: inputs, output: outputs ?? undefined, error: error ?? undefined, isCut: false }
  }
  const own = nodeKey(call.node_id ?? "", call.scope)
  const step =
    nodes.find((one) => nodeKey(one.node_id, one.scope) === own) ??
    nodes.find((one) => nodeKey(one.node_id, one.scope) === holderOf(call.scope))
  return {
    input: argumentsIn(step?.input ?? undefined),
    output: step?.output ?? undefined,
    error: step?.error ?? undefined,
    isCut: step === undefined || step.is_cut,
  }
}

/** A `tool` node was given more than the arguments: which tool it calls. */
function argumentsIn(input: Json | undefined): Json | undefined {
  if (!isJsonObject(input) || typeof input["tool_id"] !== "string") return input
  return input["inputs"] ?? {}
}
