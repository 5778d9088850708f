import { checkBare, checkTemplate } from "./expression/check.ts"
import { MOST_IN_A_FLOW } from "./expression/limits.ts"
import { isTemplate, onlyExpression, OPENING, partsOf } from "./expression/parts.ts"
import { bareReferences, templateReferences } from "./expression/references.ts"
import { error, warning } from "./finding.ts"
import type { Finding, FlowGraph, FlowNode } from "./graph.ts"
import { kindOf } from "./kinds.ts"
import type { ExpressionField } from "./kinds/kind.ts"
import { holderOf } from "./holder.ts"
import { ancestry } from "./walk.ts"

/** What expressions may speak of, seen from each node. */
type View = {
  nodes: ReadonlyMap<string, FlowNode>
  holderOf(node: FlowNode): FlowNode | undefined
  isBefore(id: string, maybeBefore: string): boolean
}

export function expressionFindings(graph: Pick<FlowGraph, "nodes" | "edges">): Finding[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const holders = new Map(graph.nodes.map((node) => [node.id, holderOf(node, nodes)]))
  const view: View = {
    nodes,
    holderOf: (node) => holders.get(node.id),
    isBefore: ancestry(
      [...nodes.keys()],
      graph.edges.filter((edge) => nodes.has(edge.source) && nodes.has(edge.target)),
    ),
  }
  const fields = graph.nodes.flatMap((node) =>
    (kindOf(node.type)?.expressions(node.data) ?? []).map((field) => ({ field, node })),
  )
  const count = fields.reduce((sum, { field }) => sum + expressionsIn(field), 0)
  if (count > MOST_IN_A_FLOW)
    return [
      error(
        "expression.too_large",
        `A flow holds at most ${MOST_IN_A_FLOW.toLocaleString("en")} expressions; this one has ${count.toLocaleString("en")}. Split it into several flows.`,
      ),
    ]
  return fields.flatMap(({ field, node }) => fieldFindings(field, node, view))
}

/** At most so many; texts without any cost nothing. */
const expressionsIn = ({ text, bare }: ExpressionField): number =>
  Math.max(bare ? 1 : 0, text.split(OPENING).length - 1)

function fieldFindings(field: ExpressionField, node: FlowNode, view: View): Finding[] {
  const at = { node_id: node.id, path: field.path }
  const fault = field.bare ? checkBare(field.text) : checkTemplate(field.text)
  if (fault) return [error(fault.code, fault.message, at)]
  if (isAlwaysText(field, node))
    return [
      warning(
        "condition.text",
        "This makes a text, and a text that is not empty always counts as true. Write the whole condition as one expression, such as input.amount > 100.",
        at,
      ),
    ]
  const { nodes, roots } = field.bare ? bareReferences(field.text) : templateReferences(field.text)
  return [
    ...rootFindings(roots, field, node, view, at),
    ...nodes.flatMap((id) => nodeFindings(id, node, view, at)),
  ]
}

type At = { node_id: string; path: string }

function nodeFindings(id: string, node: FlowNode, view: View, at: At): Finding[] {
  const named = view.nodes.get(id)
  if (!named)
    return [error("expression.unknown_node", `The expression names nodes.${id}, which does not exist.`, at)]
  const body = view.holderOf(named)?.id
  // Seen from inside, a map or loop stands where what is in it stands.
  for (const from of [node, ...around(node, view)]) {
    if (view.holderOf(from)?.id !== body) continue
    if (view.isBefore(from.id, id)) return []
    const message = `nodes.${id} does not come before this node, so its value may be missing.`
    return [warning("expression.not_upstream", message, at)]
  }
  const message = `nodes.${id} lies inside ${body}, and is seen only there. Use nodes.${body}, which holds all its results.`
  return [error("expression.out_of_scope", message, at)]
}

/** The maps and loops that a node lies inside, innermost first. A draft may hold circles, which validation names. */
function around(node: FlowNode, view: View): FlowNode[] {
  const found: FlowNode[] = []
  for (let one = view.holderOf(node); one && !found.includes(one); one = view.holderOf(one)) found.push(one)
  return found
}

/** The names that only maps and loops give. */
function rootFindings(
  roots: string[],
  field: ExpressionField,
  node: FlowNode,
  view: View,
  at: At,
): Finding[] {
  const types = around(node, view).map((one) => one.type)
  // A loop's own conditions see its state.
  if (node.type === "loop" && (field.path === "while" || field.path === "until")) types.push("loop")
  const lacks = (name: string): string | undefined => {
    if (name === "item" && !types.includes("map")) return "item is known inside a map only."
    if (name === "state" && !types.includes("loop")) return "state is known inside a loop only."
    if (name === "index" && types.length === 0) return "index is known inside a map or loop only."
    return undefined
  }
  return roots.flatMap((root) => {
    const message = lacks(root)
    return message ? [warning("expression.no_value", `${message} Here it has no value.`, at)] : []
  })
}

/** `{{ input.n }} = 5` is a template with words around it: a text. */
const isAlwaysText = (field: ExpressionField, node: FlowNode): boolean =>
  (node.type === "condition" || field.path === "while" || field.path === "until") &&
  field.bare &&
  isTemplate(field.text) &&
  onlyExpression(partsOf(field.text)) === undefined
