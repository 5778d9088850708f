import { failed } from "../error.ts"
import type { Node, NodeOf } from "../syntax.ts"
import { apply, compose, HOLE, partial } from "./apply.ts"
import { parseSignature } from "./signature.ts"
import { Func, Lambda, TailCall, type Frame, type Run, type Value } from "./value.ts"

type Lower = (node: Node) => Run

/** A call whose first argument may come from the left of `~>`. */
type Call = (input: Value, frame: Frame, piped: readonly Value[]) => Value

const nothing: readonly Value[] = []

/** Makes a call runnable. */
export function lowerCall(node: NodeOf<"function" | "partial">, lower: Lower): Run {
  const call = piped(node, lower)
  return (input, frame) => call(input, frame, nothing)
}

function piped(node: NodeOf<"function" | "partial">, lower: Lower): Call {
  const procedure = lower(node.procedure)
  const args = node.arguments.map(lower)
  return (input, frame, first) => {
    const callee = calleeOf(node, procedure, input, frame)
    const given = first.length > 0 ? [...first] : []
    for (const arg of args) given.push(arg(input, frame))
    frame.budget.position = node.position
    return apply(callee, given, input, frame.budget)
  }
}

function calleeOf(node: NodeOf<"function" | "partial">, procedure: Run, input: Value, frame: Frame): Func {
  const callee = procedure(input, frame)
  if (callee instanceof Func) return callee
  const name = nameOf(node.procedure)
  const meant = callee === undefined && name?.isField && frame.lookup(name.text) !== undefined
  if (meant) throw failed(`${name.text} is not a function. Did you mean $${name.text}?`, node.position)
  const said = name && !name.isField ? `$${name.text}` : "This"
  throw failed(
    callee === undefined && said !== "This"
      ? `There is no function ${said}.`
      : `${said} is not a function, so it cannot be called.`,
    node.position,
  )
}

function nameOf(procedure: Node): { text: string; isField: boolean } | undefined {
  if (procedure.type === "variable") return { text: procedure.value, isField: false }
  const first = procedure.type === "path" ? procedure.steps[0] : undefined
  return first?.type === "name" ? { text: first.value, isField: true } : undefined
}

/** Makes a call with placeholders runnable: the function that still wants those arguments. */
export function lowerPartial(node: NodeOf<"function" | "partial">, lower: Lower): Run {
  const procedure = lower(node.procedure)
  const args = node.arguments.map((arg) => (isHole(arg) ? undefined : lower(arg)))
  return (input, frame) => {
    const given = args.map((arg) => (arg ? arg(input, frame) : HOLE))
    return partial(calleeOf(node, procedure, input, frame), given, frame.budget)
  }
}

const isHole = (node: Node) => node.type === "operator" && node.value === "?"

/** Makes `left ~> right` runnable: a call of right with left, or two functions as one. */
export function lowerApply(node: NodeOf<"apply">, lower: Lower): Run {
  const left = lower(node.lhs)
  const { rhs } = node
  if (rhs.type === "function") {
    const call = piped(rhs, lower)
    return (input, frame) => call(input, frame, [left(input, frame)])
  }
  const right = lower(rhs)
  return (input, frame) => {
    const value = left(input, frame)
    const callee = right(input, frame)
    if (!(callee instanceof Func)) throw failed("The right side of ~> is not a function.", node.position)
    if (value instanceof Func) return compose(value, callee)
    frame.budget.position = node.position
    return apply(callee, [value], null, frame.budget)
  }
}

/** Makes `function($x) { … }` runnable, and a call in tail position, which the parser writes as a function too. */
export function lowerLambda(node: NodeOf<"lambda">, lower: Lower): Run {
  const call = node.thunk ? tailOf(node) : undefined
  if (call) {
    const procedure = lower(call.procedure)
    const args = call.arguments.map(lower)
    return (input, frame) => {
      frame.budget.object(2)
      return new TailCall(procedure, args, input, frame, call.position)
    }
  }
  if (node.thunk) return lower(node.body)
  const params = node.arguments.map((param) => param.value)
  const signature = node.signature && parseSignature(node.signature.definition)
  const body = lower(node.body)
  return (input, frame) => {
    frame.budget.object(2)
    return new Lambda(params, body, input, frame, signature)
  }
}

/** The call that can be handed back instead of made; not one whose result is worked on further. */
function tailOf(node: NodeOf<"lambda">): NodeOf<"function" | "partial"> | undefined {
  const { body } = node
  return body.type === "function" && !body.predicate && !body.group && !body.keepArray ? body : undefined
}

/** Takes the tail calls out of a block or condition whose own result is worked on further. */
export function withoutTailCalls(node: Node): Node {
  if (node.type === "lambda" && node.thunk) return node.body
  if (node.type === "block")
    return {
      ...node,
      expressions: node.expressions.map((part, i, all) =>
        i === all.length - 1 ? withoutTailCalls(part) : part,
      ),
    }
  if (node.type === "condition")
    return {
      ...node,
      // oxlint-disable-next-line unicorn/no-thenable -- JSONata's name for the branch; nothing awaits a syntax tree
      then: withoutTailCalls(node.then),
      ...(node.else ? { else: withoutTailCalls(node.else) } : {}),
    }
  return node
}
