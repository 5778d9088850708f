import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { insideOf, sizeToHold } from "#web/flow/nesting.ts"
import { sizeOf } from "#web/flow/geometry.ts"
import type { Card } from "./room.ts"

type Drawing = { nodes: FlowNode[]; edges: FlowEdge[] }

const gap = { x: 72, y: 24 }
/** Cards that follow nothing stand under each other, past this in a further column. */
const inColumn = 6

/** An outline as the canvas draws it: tasks from left to right, and in each the work that was handed on. */
export function drawn(cards: readonly Card[]): Drawing {
  const drawing: Drawing = { nodes: [], edges: [] }
  place(drawing, cards, undefined, { x: 0, y: 0 })
  return drawing
}

/** Draws cards beside each other; answers with those that lie directly there. */
function place(
  drawing: Drawing,
  cards: readonly Card[],
  parent: FlowNode | undefined,
  origin: { x: number; y: number },
): FlowNode[] {
  const own = cards.map((card) => {
    const node: FlowNode = {
      id: card.id,
      type: card.type,
      position: { ...origin },
      data: card.about === "" ? {} : { task: card.about },
      label: card.label,
      ...(parent ? { parent_id: parent.id } : {}),
    }
    drawing.nodes.push(node)
    if (card.inside.length > 0)
      node.size = sizeToHold(node, place(drawing, card.inside, node, insideOf(node)))
    return node
  })
  for (const card of cards)
    for (const source of card.follows)
      drawing.edges.push({ id: `${source} ${card.id}`, source, target: card.id, source_handle: "out" })
  if (cards.some((card) => card.follows.length > 0)) inColumns(cards, own, origin)
  else inRows(own, origin)
  return own
}

/** One column for each step of the way that leads there. */
function inColumns(
  cards: readonly Card[],
  nodes: readonly FlowNode[],
  origin: { x: number; y: number },
): void {
  const column = new Map<string, number>()
  // They come in the order in which they are done.
  for (const card of cards)
    column.set(card.id, Math.max(-1, ...card.follows.map((id) => column.get(id) ?? -1)) + 1)
  let x = origin.x
  for (let at = 0; ; at++) {
    const here = nodes.filter((node) => column.get(node.id) === at)
    if (here.length === 0) return
    let y = origin.y
    for (const node of here) {
      node.position = { x, y }
      y += sizeOf(node).height + gap.y
    }
    x += Math.max(...here.map((node) => sizeOf(node).width)) + gap.x
  }
}

function inRows(nodes: readonly FlowNode[], origin: { x: number; y: number }): void {
  const inRow = Math.ceil(nodes.length / inColumn)
  let y = origin.y
  for (let from = 0; from < nodes.length; from += inRow) {
    const row = nodes.slice(from, from + inRow)
    let x = origin.x
    for (const node of row) {
      node.position = { x, y }
      x += sizeOf(node).width + gap.y
    }
    y += Math.max(...row.map((node) => sizeOf(node).height)) + gap.y
  }
}
