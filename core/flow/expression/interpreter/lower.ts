import { failed } from "../error.ts"
import { compileRegex } from "../regex.ts"
import { isCoalesce, isElvis, type Node, type NodeOf } from "../syntax.ts"
import { lowerApply, lowerCall, lowerLambda, lowerPartial, withoutTailCalls } from "./call.ts"
import { isNumeric, pushAll, pushOne, truth } from "./data.ts"
import { descendants, field, wildcard } from "./fields.ts"
import { grouping } from "./group.ts"
import { operations } from "./operators.ts"
import { keeper, lowerPath } from "./path.ts"
import { matcher } from "./matcher.ts"
import { transformer } from "./transform.ts"
import { isList, isSequence, type List, type Run, type Value } from "./value.ts"

/**
 * Makes a syntax tree runnable: each node becomes one function that has its parts at hand.
 *
 * The language and the parser are JSONata's; the evaluator is ours, because JSONata 2.2's cannot stand on a boundary: data with a
 * `_jsonata_lambda` field is called as code, a transform rewrites functions and the caller's data, `$spread` hands out functions of the host,
 * `$sort` takes quadratic memory, loops and texts inside one step are not counted, and every node costs promises. semantics.test.ts holds the two equal.
 */
export function lower(node: Node): Run {
  const isWorkedOn = (node.type === "block" || node.type === "condition") && (node.predicate ?? node.group)
  const run = bodyOf(isWorkedOn ? withoutTailCalls(node) : node)
  const keepers = node.predicate?.map((filter) => keeper(filter.expr, lower))
  const group = node.group && node.type !== "path" ? grouping(node.group, lower) : undefined
  const keepArray = node.keepArray === true
  return (input, frame) => {
    frame.budget.enter()
    let result = run(input, frame)
    if (keepers) for (const keep of keepers) result = keep(result, frame)
    if (group) result = group(result, frame)
    frame.budget.depth--
    return isSequence(result) ? settled(result, keepArray) : result
  }
}

/** A sequence as a value: nothing, its one item, or itself. */
function settled(result: List, keepArray: boolean): Value {
  if (result.tupleStream) return result
  if (keepArray) result.keepSingleton = true
  if (result.length === 0) return undefined
  return result.length === 1 && !result.keepSingleton ? result[0] : result
}

function bodyOf(node: Node): Run {
  switch (node.type) {
    case "path":
      return lowerPath(node, lower)
    case "binary":
      return binary(node)
    case "unary":
      return unary(node)
    case "name":
      return field(node.value)
    case "string":
    case "number":
    case "value": {
      const { value } = node
      return () => value
    }
    case "wildcard":
      return wildcard
    case "descendant":
      return descendants
    case "parent": {
      const { label } = node.slot
      return (_, frame) => frame.lookup(label)
    }
    case "condition":
      return condition(node)
    case "block":
      return block(node)
    case "bind":
      return bind(node)
    case "regex": {
      const found = matcher(compileRegex(node.value, node.position), node.position)
      return () => found
    }
    case "function":
      return lowerCall(node, lower)
    case "partial":
      return lowerPartial(node, lower)
    case "variable": {
      const name = node.value
      return name === "" ? (input) => input : (_, frame) => frame.lookup(name)
    }
    case "lambda":
      return lowerLambda(node, lower)
    case "apply":
      return lowerApply(node, lower)
    case "transform":
      return transformer(node, lower)
    default:
      throw failed("This part of the expression stands where it cannot be evaluated.", node.position)
  }
}

function binary(node: NodeOf<"binary">): Run {
  const left = lower(node.lhs)
  const right = lower(node.rhs)
  if (node.value === "and" || node.value === "or") {
    const settles = node.value === "or"
    return (input, frame) => {
      const isTrue = (run: Run) => truth(run(input, frame), frame.budget) === true
      return isTrue(left) === settles ? settles : isTrue(right)
    }
  }
  const operation = operations.get(node.value)
  if (!operation) throw failed(`There is no operator ${node.value}.`, node.position)
  return (input, frame) => {
    const first = left(input, frame)
    const second = right(input, frame)
    frame.budget.position = node.position
    return operation(first, second, frame.budget)
  }
}

function unary(node: NodeOf<"unary">): Run {
  if (node.value === "{") return grouping(node, lower)
  if (node.value === "[") return array(node)
  const run = lower(node.expression)
  return (input, frame) => {
    const value = run(input, frame)
    if (value === undefined) return undefined
    if (!isNumeric(value)) throw failed("Only a number can be negated.", node.position)
    return -value
  }
}

function array(node: NodeOf<"unary"> & { value: "[" }): Run {
  const items = node.expressions.map((item) => ({
    run: lower(item),
    isArray: item.type === "unary" && item.value === "[",
  }))
  const isCons = node.consarray === true
  return (input, frame) => {
    const list: List = []
    for (const { run, isArray } of items) {
      const value = run(input, frame)
      if (value === undefined) continue
      if (isList(value) && !isArray) pushAll(list, value, frame.budget)
      else pushOne(list, value, frame.budget)
    }
    if (isCons) list.cons = true
    return list
  }
}

function condition(node: NodeOf<"condition">): Run {
  const isShared = isCoalesce(node) || isElvis(node)
  const then = lower(isShared ? withoutTailCalls(node.then) : node.then)
  const otherwise = node.else ? lower(node.else) : () => undefined
  // `a ?? b` and `a ?: b` ask and answer with the same part; here it is evaluated once.
  if (isCoalesce(node))
    return (input, frame) => {
      const value = then(input, frame)
      return value === undefined ? otherwise(input, frame) : value
    }
  if (isShared)
    return (input, frame) => {
      const value = then(input, frame)
      return truth(value, frame.budget) ? value : otherwise(input, frame)
    }
  const test = lower(node.condition)
  return (input, frame) =>
    truth(test(input, frame), frame.budget) ? then(input, frame) : otherwise(input, frame)
}

function block(node: NodeOf<"block">): Run {
  const parts = node.expressions.map(lower)
  return (input, frame) => {
    const inner = frame.within()
    let result: Value
    for (const part of parts) result = part(input, inner)
    return result
  }
}

function bind(node: NodeOf<"bind">): Run {
  const name = node.lhs.value
  const run = lower(node.rhs)
  return (input, frame) => {
    const value = run(input, frame)
    frame.bind(name, value)
    return value
  }
}
