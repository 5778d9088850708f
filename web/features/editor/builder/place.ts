import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { isFrame, lookOf, sizeOf, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { groupAround, settleInside } from "../model/frames.ts"
import { pushOn } from "../model/insert.ts"
import { freeSpot, gap, snapped, spotInside } from "../model/placement.ts"

const withNode = (draft: FlowDraft, node: FlowNode): FlowDraft => ({
  ...draft,
  nodes: draft.nodes.map((one) => (one.id === node.id ? node : one)),
})
const without = (draft: FlowDraft, ids: ReadonlySet<string>): FlowDraft => ({
  ...draft,
  nodes: draft.nodes.filter(({ id }) => !ids.has(id)),
})

/**
 * Finds places for what a proposal adds: after what leads to it, with what follows moving on; in its frame, which grows; notes
 * above the flow. What was there stays where it is, as far as there is room.
 */
export function placed(before: FlowDraft, after: FlowDraft): FlowDraft {
  const was = new Map(before.nodes.map((node) => [node.id, node]))
  const isNew = ({ id, type }: FlowNode): boolean => was.get(id)?.type !== type
  const newNodes = after.nodes.filter(isNew)
  const wandering = after.nodes.filter(
    (node) => !isNew(node) && was.get(node.id)?.parent_id !== node.parent_id,
  )
  if (newNodes.length + wandering.length === 0) return after
  const around = new Set(newNodes.filter(isFrame).map(({ id }) => id))
  let next = grouped(before, sized(after, newNodes), around, wandering)
  const open = new Set(newNodes.flatMap(({ id }) => (isDrawnAround(wandering, id) ? [] : [id])))
  for (const node of wandering)
    if (!isDrawnAround([node], node.parent_id ?? "", around)) next = entering(next, node.id)
  for (const id of inOrder(next, open)) {
    const hidden = new Set([...open].filter((one) => one !== id))
    next = put(next, id, hidden)
    open.delete(id)
  }
  return settleInside(
    next,
    [...newNodes, ...wandering].map(({ id }) => id),
  )
}

/** Whether a new frame is drawn around nodes that were there: it then lies where they are. */
const isDrawnAround = (
  wandering: readonly FlowNode[],
  frame: string,
  frames?: ReadonlySet<string>,
): boolean => (frames?.has(frame) ?? true) && wandering.some((node) => node.parent_id === frame)

function sized(after: FlowDraft, nodes: readonly FlowNode[]): FlowDraft {
  return nodes.reduce(
    (next, node) => (lookOf(node) === "step" ? next : withNode(next, { ...node, size: sizeOf(node) })),
    after,
  )
}

/** New frames around nodes that were there. */
function grouped(
  before: FlowDraft,
  after: FlowDraft,
  frames: ReadonlySet<string>,
  wandering: readonly FlowNode[],
): FlowDraft {
  const was = new Map(before.nodes.map((node) => [node.id, node]))
  let next = after
  for (const id of frames) {
    const members = new Set(wandering.filter((node) => node.parent_id === id).map((node) => node.id))
    const frame = next.nodes.find((node) => node.id === id)
    if (members.size === 0 || !frame) continue
    const back = {
      ...next,
      nodes: next.nodes.flatMap((node) =>
        node.id === id ? [] : members.has(node.id) ? [{ ...node, ...placeOf(was.get(node.id)!) }] : [node],
      ),
    }
    const bare = {
      ...back,
      nodes: back.nodes.map((node) => (members.has(node.id) ? freed(node, was.get(node.id)!) : node)),
    }
    next = groupAround(bare, members, frame) ?? next
  }
  return next
}

const placeOf = ({ position }: FlowNode) => ({ position })
const freed = (node: FlowNode, was: FlowNode): FlowNode => {
  const { parent_id: _, ...rest } = node
  return was.parent_id === undefined ? rest : { ...rest, parent_id: was.parent_id }
}

/** A node that goes into another frame, or out of all. */
function entering(draft: FlowDraft, id: string): FlowDraft {
  const node = draft.nodes.find((one) => one.id === id)
  if (!node) return draft
  const others = without(draft, new Set([id]))
  const size = sizeOf(node)
  const position =
    node.parent_id === undefined
      ? freeSpot(others, below(others), undefined, size)
      : spotInside(others, node.parent_id, size)
  return withNode(draft, { ...node, position })
}

/** Each after what leads to it, as far as there is an order. */
function inOrder(draft: FlowDraft, open: ReadonlySet<string>): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  const visit = (id: string): void => {
    if (seen.has(id)) return
    seen.add(id)
    const parent = draft.nodes.find((node) => node.id === id)?.parent_id
    if (parent !== undefined && open.has(parent)) visit(parent)
    for (const { source, target } of draft.edges) if (target === id && open.has(source)) visit(source)
    order.push(id)
  }
  for (const id of open) visit(id)
  return order
}

function put(draft: FlowDraft, id: string, hidden: ReadonlySet<string>): FlowDraft {
  const node = draft.nodes.find((one) => one.id === id)!
  const size = sizeOf(node)
  const parent = node.parent_id
  const there = without(draft, new Set([...hidden, id]))
  const nesting = nestingOf(there.nodes)
  const beside = (ids: readonly string[]): FlowNode[] =>
    ids.flatMap((one) => {
      const found = nesting.node(one)
      return found && found.parent_id === parent ? [found] : []
    })
  const sources = beside(draft.edges.flatMap((edge) => (edge.target === id ? [edge.source] : [])))
  const targets = beside([...reached(draft, id, hidden)])
  const wanted = wantedSpot(there, node, sources, targets)
  let next = draft
  if (sources.length > 0) {
    for (const target of targets) {
      const now = next.nodes.find((one) => one.id === target.id)!
      const lack = wanted.x + size.width + gap.x - now.position.x
      // What leads back, or stands elsewhere on purpose, is not pushed around.
      if (lack > 0 && !sources.includes(target)) next = pushOn(next, now, snapped({ x: lack, y: 0 }))
    }
  }
  const room = without(next, new Set([...hidden, id]))
  return withNode(next, { ...node, position: freeSpot(room, wanted, parent, size) })
}

/** What comes next after a node, past others that have no place yet. */
function reached(draft: FlowDraft, from: string, hidden: ReadonlySet<string>): Set<string> {
  const found = new Set<string>()
  const seen = new Set([from])
  for (const id of seen)
    for (const { source, target } of draft.edges) {
      if (source !== id) continue
      if (hidden.has(target)) seen.add(target)
      else found.add(target)
    }
  found.delete(from)
  return found
}

function wantedSpot(
  there: FlowDraft,
  node: FlowNode,
  sources: readonly FlowNode[],
  targets: readonly FlowNode[],
): Point {
  const size = sizeOf(node)
  const mean = (list: readonly FlowNode[]): number =>
    list.reduce((sum, one) => sum + one.position.y, 0) / list.length
  if (sources.length > 0) {
    const right = Math.max(...sources.map((one) => one.position.x + sizeOf(one).width))
    return snapped({ x: right + gap.x, y: mean(sources) })
  }
  if (targets.length > 0) {
    const left = Math.min(...targets.map((one) => one.position.x))
    return snapped({ x: left - gap.x - size.width, y: mean(targets) })
  }
  if (node.parent_id !== undefined) return spotInside(there, node.parent_id, size)
  return lookOf(node) === "note" ? above(there, size.height) : below(there)
}

const top = (draft: FlowDraft): FlowNode[] => [...nestingOf(draft.nodes).children(undefined)]
const least = (list: readonly number[]): number => (list.length === 0 ? 0 : Math.min(...list))

function above(draft: FlowDraft, height: number): Point {
  const nodes = top(draft)
  const x = least(nodes.map(({ position }) => position.x))
  const y = least(nodes.map(({ position }) => position.y))
  return snapped({ x, y: y - height - gap.y })
}

function below(draft: FlowDraft): Point {
  const nodes = top(draft)
  const x = least(nodes.map(({ position }) => position.x))
  const y = nodes.length === 0 ? 0 : Math.max(...nodes.map((one) => one.position.y + sizeOf(one).height))
  return snapped({ x, y: nodes.length === 0 ? 0 : y + 2 * gap.y })
}
