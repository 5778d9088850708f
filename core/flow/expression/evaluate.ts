import type { Json } from "#core/json"
import { compileExpression, type CompiledExpression } from "./compile.ts"
import { ExpressionError, failed } from "./error.ts"
import { builtins } from "./functions/table.ts"
import { Frame, type Obj, type Value } from "./interpreter/value.ts"
import { isPlain, walk } from "./interpreter/plain-path.ts"
import { Budget, DEFAULT_LIMITS, tooDeep, type Limits } from "./limits.ts"
import { toJson } from "./output.ts"

/** What an expression sees. Only plain data: it can reach nothing else. */
export type Scope = {
  input: Json
  nodes: { [nodeId: string]: Json }
  /** What came in over the edges. */
  incoming?: Json | undefined
  /** In a loop: the item and its position. */
  item?: Json | undefined
  index?: Json | undefined
  state?: Json | undefined
  /** `now`, or else `started_at`, is the time that `$now()` tells. */
  execution: { [key: string]: Json }
  vars: { [key: string]: Json }
  /** In a crew: what its tasks have come to. */
  tasks?: { [taskId: string]: Json }
  /** In a guardrail: the answer that it judges. */
  output?: Json | undefined
  /** In a query of a tool's: what is asked about. */
  data?: Json | undefined
}

/** Evaluates an expression. Throws an ExpressionError; the answer is plain data, or undefined when there is none. */
export async function evaluateExpression(
  source: string,
  scope: Scope,
  limits?: Partial<Limits>,
): Promise<Json | undefined> {
  return evaluateWithin(compileExpression(source), scope, budgetFor(scope, limits))
}

/** A fresh budget for one piece of work over a scope. */
export function budgetFor(scope: Scope, limits?: Partial<Limits>): Budget {
  const { now, started_at: startedAt } = scope.execution
  const time = typeof now === "string" ? now : startedAt
  return new Budget(
    limits ? { ...DEFAULT_LIMITS, ...limits } : DEFAULT_LIMITS,
    typeof time === "string" ? time : undefined,
  )
}

/** Evaluates within a budget that several expressions may share. It runs to its end at once, so they never mix. */
export function evaluateWithin(compiled: CompiledExpression, scope: Scope, budget: Budget): Json | undefined {
  const root: Obj = scope
  budget.position = undefined
  try {
    budget.step()
    if (compiled.path) {
      const found = walk(root, compiled.path)
      if (isPlain(found)) return toJson(found, budget)
    }
    const data = present(root)
    return toJson(compiled.run(data, frameOver(data, budget)), budget)
  } catch (fault) {
    throw named(fault, budget)
  } finally {
    budget.depth = 0
  }
}

function frameOver(root: Value, budget: Budget): Frame {
  const frame = new Frame(builtins, budget)
  frame.bind("$", root)
  return frame
}

/** The scope without the names that have nothing, so that `$keys($$)` and `*` tell the truth. */
function present(scope: Obj): Obj {
  if (Object.values(scope).every((value) => value !== undefined)) return scope
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined))
}

function named(fault: unknown, budget: Budget): unknown {
  if (fault instanceof ExpressionError)
    return fault.position === undefined && budget.position !== undefined
      ? new ExpressionError(fault.code, fault.message, budget.position)
      : fault
  // The engine's own stack is the last fence: very deep data in a deep place.
  if (fault instanceof RangeError) return tooDeep()
  const unforeseen = failed("The expression could not be evaluated on this data.", budget.position)
  unforeseen.cause = fault
  return unforeseen
}
