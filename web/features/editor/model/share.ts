import { replaceEqualDeep } from "@tanstack/react-query"
import type { FlowDraft } from "#core/contract/flows"

/** What a part of a document became on the page: parts that have not changed are not compared again. */
export type Known = WeakMap<object, object>

/**
 * The new draft with whatever means the same as before left the same object, down to a field of a node: whoever draws then
 * renders what has changed and nothing else. The old draft itself when nothing has.
 */
export function share(was: FlowDraft, now: FlowDraft, known: Known = new WeakMap()): FlowDraft {
  if (was === now) return was
  const nodes = shareById(was.nodes, now.nodes, known)
  const edges = shareById(was.edges, now.edges, known)
  const { nodes: _n, edges: _e, ...fields } = now
  const { nodes: _on, edges: _oe, ...oldFields } = was
  const rest = replaceEqualDeep(oldFields, fields)
  return rest === oldFields && nodes === was.nodes && edges === was.edges ? was : { ...rest, nodes, edges }
}

function shareOne<T extends object>(old: T, one: T, known: Known): T {
  if (old === one || known.get(one) === old) return old
  const shared = replaceEqualDeep(old, one)
  known.set(one, shared)
  return shared
}

function shareById<T extends { id: string }>(was: T[], now: T[], known: Known): T[] {
  if (was.length === now.length && now.every((one, i) => one.id === was[i]!.id))
    return shareInPlace(was, now, known)
  const byId = new Map(was.map((one) => [one.id, one]))
  const next = now.map((one) => {
    const old = byId.get(one.id)
    return old === undefined ? one : shareOne(old, one, known)
  })
  return next.length === was.length && next.every((one, i) => one === was[i]) ? was : next
}

/** Most changes leave everybody where they were: then nobody has to be looked for. */
function shareInPlace<T extends { id: string }>(was: T[], now: T[], known: Known): T[] {
  let isSame = true
  const next = now.map((one, i) => {
    const shared = shareOne(was[i]!, one, known)
    isSame &&= shared === was[i]
    return shared
  })
  return isSame ? was : next
}

/** Whether two drafts mean the same, in whatever order their nodes and edges stand. Looks no further than the first difference. */
export function isSameDraft(one: FlowDraft, other: FlowDraft): boolean {
  if (one === other) return true
  const { nodes, edges, ...fields } = one
  const { nodes: otherNodes, edges: otherEdges, ...otherFields } = other
  return isSame(fields, otherFields) && areSame(nodes, otherNodes) && areSame(edges, otherEdges)
}

const isSame = <T>(one: T, other: T): boolean => one === other || replaceEqualDeep(one, other) === one

function areSame<T extends { id: string }>(items: readonly T[], others: readonly T[]): boolean {
  if (items === others) return true
  if (items.length !== others.length) return false
  const isInOrder = items.every(({ id }, i) => id === others[i]!.id)
  const byId = isInOrder ? undefined : new Map(others.map((one) => [one.id, one]))
  return items.every((one, i) => {
    const other = byId ? byId.get(one.id) : others[i]
    return other !== undefined && isSame(one, other)
  })
}
