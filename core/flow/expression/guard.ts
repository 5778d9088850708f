import { ExpressionError, tooDeeplyNested } from "./error.ts"
import { shapeOf } from "./pattern.ts"
import { children, type Node, type NodeOf } from "./syntax.ts"

/** Deepest nesting of the syntax tree; a chain such as `a & b & c` nests once for each operator. */
const MOST_NESTED = 400

/** Functions of JSONata that have no place in a flow, and why. */
const FORBIDDEN_FUNCTIONS = new Map([
  ["eval", "An expression cannot run text as an expression. Write the expression itself."],
  ["random", "Chance cannot be replayed, so $random is not available. Take a random value as an input."],
  ["shuffle", "Chance cannot be replayed, so $shuffle is not available. Sort by a field instead."],
])

/** Names by which objects of a host reach their machinery. Here they reach nothing; they are refused so that an attempt is seen. */
const FORBIDDEN_NAMES = new Set([
  "__proto__",
  "constructor",
  "prototype",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
])

/** What a walk over a syntax tree found. */
export type Guarded = { nodes: number }

/** Walks the whole tree and throws an ExpressionError for what no flow may contain. */
export function guard(root: Node): Guarded {
  const open: { node: Node; depth: number }[] = [{ node: root, depth: 1 }]
  let nodes = 0
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next
    if (depth > MOST_NESTED) throw tooDeeplyNested()
    nodes++
    inspect(node)
    for (const child of children(node)) open.push({ node: child, depth: depth + 1 })
  }
  return { nodes }
}

function inspect(node: Node): void {
  for (const stage of [...(node.predicate ?? []), ...(node.stages ?? [])])
    if (stage.type === "filter" && stage.expr.type === "string")
      refuseName(stage.expr.value, stage.expr.position)
  if (node.group) refuseKeys(node.group.lhs)
  switch (node.type) {
    case "name":
      return refuseName(node.value, node.position)
    case "variable":
      return refuseFunction(node.value, node.position)
    case "bind":
      return refuseFunction(node.lhs.value, node.position)
    case "lambda":
      for (const param of node.arguments) refuseFunction(param.value, node.position)
      return undefined
    case "regex":
      return inspectRegex(node)
    case "function":
    case "partial":
      return inspectCall(node)
    case "unary":
      return node.value === "{" ? refuseKeys(node.lhs) : undefined
    default:
      return undefined
  }
}

function refuseName(name: string, position: number | undefined): void {
  if (!FORBIDDEN_NAMES.has(name)) return
  throw new ExpressionError(
    "expression.forbidden",
    `The name ${name} is not allowed in an expression. If your data has such a field, rename it before it comes in.`,
    position,
  )
}

function refuseFunction(name: string, position: number | undefined): void {
  const why = FORBIDDEN_FUNCTIONS.get(name)
  if (why !== undefined) throw new ExpressionError("expression.forbidden", why, position)
  refuseName(name, position)
}

/** Keys that are written out; a computed one is refused when it is computed. */
function refuseKeys(pairs: [Node, Node][]): void {
  for (const [key] of pairs) if (key.type === "string") refuseName(key.value, key.position)
}

/** `$lookup(value, "constructor")` says in other words what a path says. */
function inspectCall(node: NodeOf<"function" | "partial">): void {
  const { procedure } = node
  if (procedure.type !== "variable" || procedure.value !== "lookup") return
  for (const arg of node.arguments) if (arg.type === "string") refuseName(arg.value, arg.position)
}

function inspectRegex(node: NodeOf<"regex">): void {
  if (typeof node.value.source !== "string")
    throw new ExpressionError(
      "expression.syntax",
      "A regular expression cannot stand left of ?? or ?: like this. Give it a name first: $pattern := /…/.",
      node.position,
    )
  shapeOf(node.value.source, node.position)
}
