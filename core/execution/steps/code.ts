import type { Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { CodeData } from "#core/flow/kinds/code"
import type { JsonObject } from "#core/json"
import type { IsolateProgram } from "#core/tool/program"

/** A function that is called once, and what the journal keeps of it. */
export type CodeStep = { program: IsolateProgram; shown: JsonObject }

const usualMs = 10_000
/** Where a node sets a limit, the engine ends the step at that time; the program's own is a little later, so that one of them says why. */
const graceMs = 1_000

/** What a code node gives to its function: what arrives as its input, and what expressions see as its context. */
export function codeStep(node: FlowNode, { incoming = null, ...seen }: Scope): CodeStep {
  const { source, timeout_ms } = CodeData.parse(node.data)
  const wall_ms = timeout_ms === undefined ? usualMs : timeout_ms + graceMs
  const context: JsonObject = {}
  for (const [name, value] of Object.entries(seen)) if (value !== undefined) context[name] = value
  return {
    program: { kind: "isolate", source, input: incoming, context, limits: { wall_ms } },
    shown: { input: incoming },
  }
}
