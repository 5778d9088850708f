import { titleOf } from "#web/flow/node-card.tsx"
import { handlesOf } from "#web/flow/geometry.ts"
import type { createStore } from "#web/state/jotai.ts"
import { toast } from "#web/ui/toast.tsx"
import { draftAtom, foldingAtom, joiningAtom, saidAtom } from "../atoms.ts"
import type { Commands } from "../commands.ts"
import { neighbour, targetsFor, type Direction } from "../model/walk.ts"
import { goToNode } from "./go-to-node.ts"

type Store = ReturnType<typeof createStore>

/** Says to those who do not see it what was done. */
export const say = (store: Store, words: string): void => store.set(saidAtom, { words })

export function nameOf(store: Store, id: string): string {
  const node = store.get(draftAtom).nodes.find((one) => one.id === id)
  return node ? titleOf(node) : id
}

/**
 * An edge without a hand on a mouse: it begins at a node, the keys or a tap choose where it leads, and nothing has to be held.
 * False where no edge can begin.
 */
export function beginJoining(store: Store, source: string, wanted?: string, isAiming = true): boolean {
  const draft = store.get(draftAtom)
  const node = draft.nodes.find((one) => one.id === source)
  const handles = node ? handlesOf(node) : []
  const handle = handles.find(({ id }) => id === wanted) ?? handles[0]
  if (!handle) return false
  const at = isAiming ? (targetsFor(draft, source, handle.id, store.get(foldingAtom))[0] ?? null) : null
  store.set(joiningAtom, { source, handle: handle.id, at })
  const by = handles.length > 1 ? ` by ${handle.label}` : ""
  const to = at === null ? "Choose a node." : `To ${nameOf(store, at)}.`
  say(
    store,
    `Connecting from ${nameOf(store, source)}${by}. ${to} Tab chooses another, Enter connects, Escape ends.`,
  )
  if (at !== null) goToNode(store, at)
  return true
}

function aim(store: Store, at: string): void {
  const joining = store.get(joiningAtom)
  if (!joining) return
  store.set(joiningAtom, { ...joining, at })
  say(store, `To ${nameOf(store, at)}`)
  goToNode(store, at)
}

/** The next node that the edge may lead to, or the one before. */
export function aimOn(store: Store, by: 1 | -1): boolean {
  const joining = store.get(joiningAtom)
  if (!joining) return false
  const targets = targetsFor(store.get(draftAtom), joining.source, joining.handle, store.get(foldingAtom))
  const at = joining.at === null ? -1 : targets.indexOf(joining.at)
  const next = targets[(at + by + targets.length) % targets.length]
  if (next !== undefined) aim(store, next)
  return true
}

export function aimTowards(store: Store, towards: Direction): boolean {
  const joining = store.get(joiningAtom)
  if (!joining) return false
  const from = joining.at ?? joining.source
  const next = neighbour(store.get(draftAtom), from, towards, store.get(foldingAtom), false)
  if (next !== null) aim(store, next)
  return true
}

/** Another way out of the same node. */
export function chooseWay(store: Store, index: number): boolean {
  const joining = store.get(joiningAtom)
  const node = store.get(draftAtom).nodes.find(({ id }) => id === joining?.source)
  const handle = node && handlesOf(node)[index]
  return handle !== undefined && beginJoining(store, node!.id, handle.id)
}

/** Draws the edge to a node, which is selected then: the next one may go on from it. Where it cannot lead there, says why. */
export function join(store: Store, commands: Commands, target: string): void {
  const joining = store.get(joiningAtom)
  if (!joining) return
  const wanted = { source: joining.source, target, source_handle: joining.handle }
  const why = commands.whyNotConnect(wanted)
  if (why !== null) {
    toast.failed("", why)
    return
  }
  store.set(joiningAtom, null)
  commands.connect(wanted)
  commands.select([target])
  say(store, `Connected ${nameOf(store, joining.source)} to ${nameOf(store, target)}`)
  goToNode(store, target)
}

export function endJoining(store: Store): boolean {
  const joining = store.get(joiningAtom)
  if (!joining) return false
  store.set(joiningAtom, null)
  say(store, "Nothing was connected")
  goToNode(store, joining.source)
  return true
}

/** While an edge is being connected, a press on a node says where it leads; false when none is. */
export function joinByTap(store: Store, commands: Commands, id: string): boolean {
  const joining = store.get(joiningAtom)
  if (joining === null) return false
  // The press that began it ends on the same node.
  if (joining.source !== id) join(store, commands, id)
  return true
}
