import jsonata from "jsonata"
import { ExpressionError, tooDeeplyNested } from "./error.ts"
import { MAX_SOURCE } from "./limits.ts"
import { scan } from "./scanner.ts"

/** JSONata's syntax tree as its parser leaves it: paths are lists of steps, and every node may carry what follows it. */
export type Node = Common &
  (
    | { type: "path"; steps: Node[]; keepSingletonArray?: boolean }
    | { type: "binary"; value: string; lhs: Node; rhs: Node }
    | { type: "unary"; value: "-"; expression: Node }
    | { type: "unary"; value: "["; expressions: Node[] }
    | { type: "unary"; value: "{"; lhs: Pair[] }
    | { type: "name"; value: string }
    | { type: "string"; value: string }
    | { type: "number"; value: number }
    | { type: "value"; value: boolean | null }
    | { type: "wildcard" | "descendant" }
    | { type: "parent"; slot: Slot }
    | { type: "condition"; condition: Node; then: Node; else?: Node }
    | { type: "block"; expressions: Node[] }
    | { type: "bind"; lhs: { value: string }; rhs: Node }
    | { type: "regex"; value: { source: string; flags: string } }
    | { type: "function" | "partial"; procedure: Node; arguments: Node[] }
    | { type: "variable"; value: string }
    | {
        type: "lambda"
        arguments: { value: string }[]
        body: Node
        signature?: { definition: string }
        thunk?: boolean
      }
    | { type: "apply"; lhs: Node; rhs: Node }
    | { type: "transform"; pattern: Node; update: Node; delete?: Node }
    | { type: "sort"; terms: { descending: boolean; expression: Node }[] }
    | { type: "operator"; value: string }
  )

export type Common = {
  position?: number
  predicate?: Filter[]
  stages?: (Filter | { type: "index"; value: string })[]
  group?: { lhs: Pair[]; position?: number }
  keepArray?: boolean
  consarray?: boolean
  tuple?: boolean
  focus?: string
  index?: string
  ancestor?: Slot
}

export type Pair = [Node, Node]
type Filter = { type: "filter"; expr: Node }
type Slot = { label: string }
export type NodeOf<T extends Node["type"]> = Extract<Node, { type: T }>

/** Most tokens in a source; the parser's work grows with their square. */
const MOST_TOKENS = 4_096

/** Deepest nesting of brackets in a source. */
const MOST_BRACKETS = 150

/** JSONata's parser copies the left side of `??` and `?:`; this is how large the tree may get by that. */
const MOST_AFTER_DOUBLING = 1 << 18

/** Parses an expression. Throws an ExpressionError that says where and what to do. */
export function parse(source: string): Node {
  if (source.length > MAX_SOURCE)
    throw new ExpressionError(
      "expression.too_large",
      `An expression has at most ${MAX_SOURCE.toLocaleString("en")} characters. Split it over several nodes.`,
    )
  if (source.trim() === "")
    throw new ExpressionError(
      "expression.syntax",
      "The expression is empty. Write one, such as input.text.",
      0,
    )
  const seen = scan(source, 0, false)
  if (seen.tokens > MOST_TOKENS)
    throw new ExpressionError(
      "expression.too_large",
      `An expression has at most ${MOST_TOKENS.toLocaleString("en")} names, values and signs. Split it over several nodes.`,
    )
  if (seen.depth > MOST_BRACKETS || source.length * 2 ** seen.doubling > MOST_AFTER_DOUBLING)
    throw tooDeeplyNested()
  try {
    // JSONata's types describe the tree before it is processed.
    return jsonata(source).ast() as unknown as Node
  } catch (fault) {
    throw syntaxError(fault)
  }
}

/** JSONata throws plain objects as well as errors. */
export const partOf = (fault: unknown, name: string): unknown =>
  typeof fault === "object" && fault !== null ? Reflect.get(fault, name) : undefined

function syntaxError(fault: unknown): ExpressionError {
  if (fault instanceof RangeError) return tooDeeplyNested()
  const message = partOf(fault, "message")
  const said = typeof message === "string" ? message : "This is not a JSONata expression"
  const position = partOf(fault, "position")
  return new ExpressionError(
    "expression.syntax",
    `${said.replace(/\.?$/, "")}.`,
    typeof position === "number" ? position : undefined,
  )
}

/** `a ?: b`, which the parser writes as a condition on a copy of `a`. The copy stands at the place of the original. */
export const isElvis = (node: NodeOf<"condition">): boolean => {
  const condition = firstPosition(node.condition)
  return condition !== undefined && condition === firstPosition(node.then)
}

/** `a ?? b`, which the parser writes as `$exists(copy of a) ? a : b`. Its call stands nowhere in the source. */
export const isCoalesce = (node: NodeOf<"condition">): boolean =>
  node.condition.type === "function" &&
  node.condition.position === undefined &&
  node.condition.procedure.position === undefined

/** Where the leftmost token of a node that has a place stands. */
function firstPosition(node: Node): number | undefined {
  if (node.type !== "path") return node.position
  const [first] = node.steps
  return first && firstPosition(first)
}

/** The parts of a node that are expressions themselves; of a copied condition only the original. */
export function children(node: Node): Node[] {
  const found = ownChildren(node)
  for (const filter of node.predicate ?? []) found.push(filter.expr)
  for (const stage of node.stages ?? []) if (stage.type === "filter") found.push(stage.expr)
  for (const pair of node.group?.lhs ?? []) found.push(...pair)
  return found
}

function ownChildren(node: Node): Node[] {
  switch (node.type) {
    case "path":
      return [...node.steps]
    case "binary":
    case "apply":
      return [node.lhs, node.rhs]
    case "unary":
      if (node.value === "-") return [node.expression]
      return node.value === "[" ? [...node.expressions] : node.lhs.flat()
    case "condition": {
      const branches = node.else ? [node.then, node.else] : [node.then]
      return isCoalesce(node) || isElvis(node) ? branches : [node.condition, ...branches]
    }
    case "block":
      return [...node.expressions]
    case "bind":
      return [node.rhs]
    case "function":
    case "partial":
      return [node.procedure, ...node.arguments]
    case "lambda":
      return [node.body]
    case "transform":
      return node.delete ? [node.pattern, node.update, node.delete] : [node.pattern, node.update]
    case "sort":
      return node.terms.map((term) => term.expression)
    default:
      return []
  }
}
