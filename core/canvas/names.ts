import { stable } from "#core/flow/diff"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import type { Canvas } from "./canvas.ts"
import { partsOf, together, type Operation, type SingleOperation } from "./operation.ts"

/** Names of nodes and of edges, which are apart from each other, as one set. */
const nodeKey = (id: string): string => `node ${id}`
const edgeKey = (id: string): string => `edge ${id}`

const isNodeKey = (key: string): boolean => key.startsWith("node ")
const idOf = (key: string): string => key.slice(5)
const hasKey = ({ nodes, edges }: Canvas, key: string): boolean =>
  (isNodeKey(key) ? nodes : edges).has(idOf(key))

/** Another name for each of some keys. */
export type NewNames = ReadonlyMap<string, string>

/** The keys of what an operation adds. */
function* added(operation: Operation): Generator<string> {
  for (const part of partsOf(operation)) {
    if (part.type !== "add") continue
    for (const { id } of part.nodes) yield nodeKey(id)
    for (const { id } of part.edges) yield edgeKey(id)
  }
}

/** Whether an operation adds under a name that others may give: not so one that has the mark of the window with that number. */
export function mayBeTaken(operation: Operation, window: number): boolean {
  let mark: RegExp | undefined
  for (const key of added(operation)) {
    mark ??= new RegExp(`_w${window}(?!\\d)`)
    if (!mark.test(key)) return true
  }
  return false
}

/** Whether an operation has to do with any of these keys. */
function uses(operation: Operation, keys: ReadonlySet<string>): boolean {
  if (keys.size === 0) return false
  let isUsed = false
  const look = (key: string): undefined => void (isUsed ||= keys.has(key))
  for (const part of partsOf(operation)) namedBy(part, look)
  return isUsed
}

/** Of the edits after one those that have to do with what it adds, and with what these add. */
export function hangingOn<E extends { operation: Operation }>(first: E, others: readonly E[]): E[] {
  const keys = new Set(added(first.operation))
  return others.filter(({ operation }) => {
    if (!uses(operation, keys)) return false
    for (const key of added(operation)) keys.add(key)
    return true
  })
}

/** Nodes among the names that were given anew, by their ids. */
export const renamedNodes = (names: NewNames): (readonly [string, string])[] =>
  [...names].flatMap(([key, free]) => (isNodeKey(key) ? [[idOf(key), idOf(free)] as const] : []))

/** Names of nodes given anew, as keys. */
export const keysOf = (names: ReadonlyMap<string, string>): NewNames =>
  new Map([...names].map(([id, free]) => [nodeKey(id), nodeKey(free)]))

/** The operation with what it has to do with under other names. What is written inside of values stays. */
export function underNames(operation: Operation, names: NewNames): Operation {
  if (names.size === 0) return operation
  const parts = partsOf(operation).map((part) => namedBy(part, (key) => names.get(key)))
  return operation.type === "batch" ? { ...operation, operations: parts } : parts[0]!
}

/** What is left of an operation without what it would add under these keys; undefined of nothing. */
export function withoutAdded(operation: Operation, keys: ReadonlySet<string>): Operation | undefined {
  const parts = partsOf(operation).flatMap((part): SingleOperation[] => {
    if (part.type !== "add") return [part]
    const nodes = part.nodes.filter(({ id }) => !keys.has(nodeKey(id)))
    const edges = part.edges.filter(({ id }) => !keys.has(edgeKey(id)))
    return nodes.length + edges.length > 0 ? [{ ...part, nodes, edges }] : []
  })
  return together(parts)
}

/** Asks for another name of each node and edge that an operation has to do with. */
function namedBy(part: SingleOperation, another: (key: string) => string | undefined): SingleOperation {
  const node = (id: string): string => idOf(another(nodeKey(id)) ?? nodeKey(id))
  const edge = (id: string): string => idOf(another(edgeKey(id)) ?? edgeKey(id))
  switch (part.type) {
    case "add": {
      const nodes = part.nodes.map((one): FlowNode => {
        const inside = one.parent_id === undefined ? {} : { parent_id: node(one.parent_id) }
        return { ...one, ...inside, id: node(one.id) }
      })
      const edges = part.edges.map((one): FlowEdge => {
        const [source, target] = [node(one.source), node(one.target)]
        return { ...one, id: edge(one.id), source, target }
      })
      return { ...part, nodes, edges }
    }
    case "remove":
      return { ...part, nodes: part.nodes.map(node), edges: part.edges.map(edge) }
    case "move":
      return { ...part, moves: part.moves.map((one) => ({ ...one, id: node(one.id) })) }
    case "nest": {
      const inside = (parent: string | null): string | null => (parent === null ? null : node(parent))
      return {
        ...part,
        moves: part.moves.map((one) => ({ ...one, id: node(one.id), parent_id: inside(one.parent_id) })),
      }
    }
    case "set":
    case "text":
      return { ...part, node: node(part.node) }
    case "comment": {
      const about = part.about
      if (!about || about.node_id === null) return part
      return { ...part, about: { ...about, node_id: node(about.node_id) } }
    }
    case "field":
    case "reword":
    case "resolve":
      return part
    default:
      return part satisfies never
  }
}

/**
 * What an operation would add under names that something has: two people who add at the same moment may give the same one. It is
 * refused, for otherwise the second's node would silently be the first's. An edge that is there already is no second. What is brought
 * `back` may be there again, just as it was.
 */
export function takenKeys({ nodes, edges }: Canvas, operation: Operation, isBack = false): Set<string> {
  const gone = new Set<string>()
  const taken = new Set<string>()
  for (const part of partsOf(operation)) {
    if (part.type === "remove") for (const id of [...part.nodes, ...part.edges]) gone.add(id)
    if (part.type !== "add") continue
    for (const one of part.nodes) {
      const there = gone.has(one.id) ? undefined : nodes.get(one.id)
      if (there && !(isBack && stable(there) === stable(one))) taken.add(nodeKey(one.id))
    }
    for (const one of part.edges) {
      const there = edges.get(one.id)
      if (!there || [one.id, there.source, there.target].some((id) => gone.has(id))) continue
      if (stable(there) !== stable(one)) taken.add(edgeKey(one.id))
    }
  }
  return taken
}

/** What an operation would bring back that is there again, just as it was. */
export function sameKeys(canvas: Canvas, operation: Operation): Set<string> {
  const same = takenKeys(canvas, operation)
  if (same.size > 0) for (const key of takenKeys(canvas, operation, true)) same.delete(key)
  return same
}

/** The operation with free names for what it adds, which are noted in `names`. */
export function freed(
  canvas: Canvas,
  operation: Operation,
  names: Map<string, string>,
  isBack = false,
): Operation {
  let own = operation
  const counted = new Map<string, number>()
  // With another end an edge may be another one too.
  for (;;) {
    const taken = takenKeys(canvas, own, isBack)
    if (taken.size === 0) return own
    const given = new Set(added(own))
    const anew = new Map<string, string>()
    for (const key of taken) {
      const free = freeKey(key, counted, (one) => given.has(one) || hasKey(canvas, one))
      given.add(free)
      anew.set(key, free)
      names.set(key, free)
    }
    own = underNames(own, anew)
  }
}

/** A key like this one that nothing has: its name counted on, from where that of others of its stem has come to. */
function freeKey(key: string, counted: Map<string, number>, isTaken: (key: string) => boolean): string {
  const [kind, most] = isNodeKey(key) ? [nodeKey, 64] : [edgeKey, 200]
  const stem = idOf(key).replace(/_\d+$/, "")
  for (let n = (counted.get(kind(stem)) ?? 1) + 1; ; n++) {
    const free = kind(`${stem.slice(0, most - String(n).length - 1)}_${n}`)
    if (isTaken(free)) continue
    counted.set(kind(stem), n)
    return free
  }
}
