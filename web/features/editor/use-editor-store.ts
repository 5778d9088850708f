import { useEffect, useState } from "react"
import { flushSync } from "react-dom"
import type { Person } from "#core/canvas/messages"
import type { Flow, FlowDraft } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"
import { useMe } from "#web/api/me.ts"
import { createStore } from "#web/state/jotai.ts"
import { later } from "#web/ui/later.tsx"
import { toast } from "#web/ui/toast.tsx"
import {
  canRedoAtom,
  canUndoAtom,
  draftAtom,
  findingsAtom,
  foldedAtom,
  insertingAtom,
  isWritableAtom,
  joiningAtom,
  liveStateAtom,
  othersAtom,
  panelTabAtom,
  pinsAtom,
  publishedAtom,
  selectionAtom,
  serverFindingsAtom,
  startUntilAtom,
  theirSelectionsAtom,
  threadsAtom,
  watchedIdAtom,
  writingNoteAtom,
} from "./atoms.ts"
import { editorCommands } from "./commands.ts"
import type { Store } from "./commands/desk.ts"
import { keepSeen, keptSeen, seenAtom } from "./comments/seen.ts"
import { keeperOf } from "./live/keeper.ts"
import { LiveDraft, type Shown } from "./live/live-draft.ts"
import { Places } from "./live/places.ts"
import { keepFolds, keptFolds } from "./model/folds.ts"
import { keepPins, keptPins } from "./model/pins.ts"
import { draftOf, openCanvas, whyNoCanvas } from "./queries.ts"

/** A page that nobody sees is not drawn: there a timer does it. */
function whenDrawn(act: () => void): void {
  const go = (): void => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    act()
  }
  const frame = requestAnimationFrame(go)
  const timer = setTimeout(go, 100)
}

type Opening = { node: string | undefined; execution: string | undefined }

/** Brings what is shown into the store; what is selected may be gone, by one's own step back or by somebody else. */
export function show(store: Store, { draft, canUndo, canRedo, mayEdit }: Shown): void {
  const isNew = store.get(draftAtom) !== draft
  store.set(draftAtom, draft)
  store.set(canUndoAtom, canUndo)
  store.set(canRedoAtom, canRedo)
  store.set(isWritableAtom, mayEdit)
  if (isNew) dropGone(store, draft)
}

function dropGone(store: Store, draft: FlowDraft): void {
  const { nodes, edges } = store.get(selectionAtom)
  if (nodes.size + edges.size === 0) return
  const here = new Set([...draft.nodes, ...draft.edges].map(({ id }) => id))
  const left = (ids: ReadonlySet<string>): Set<string> => new Set([...ids].filter((id) => here.has(id)))
  const next = { nodes: left(nodes), edges: left(edges) }
  if (next.nodes.size < nodes.size || next.edges.size < edges.size) store.set(selectionAtom, next)
}

/** The commands that write references anew come after the canvas. */
const renaming = later(() => import("./model/rename.ts"))

/** Whatever of the page is about nodes is about them under their new names. */
function rename(store: Store, names: ReadonlyMap<string, string>): void {
  const to = (id: string): string => names.get(id) ?? id
  const all = (ids: ReadonlySet<string>): ReadonlySet<string> =>
    [...ids].some((id) => names.has(id)) ? new Set([...ids].map(to)) : ids
  store.set(selectionAtom, (was) => (was.nodes === all(was.nodes) ? was : { ...was, nodes: all(was.nodes) }))
  store.set(foldedAtom, all)
  store.set(writingNoteAtom, (id) => id && to(id))
  store.set(startUntilAtom, (id) => id && to(id))
  store.set(
    joiningAtom,
    (joining) => joining && { ...joining, source: to(joining.source), at: joining.at && to(joining.at) },
  )
  store.set(insertingAtom, (where) =>
    where && "from" in where ? { ...where, from: { ...where.from, source: to(where.from.source) } } : where,
  )
  const pins = store.get(pinsAtom)
  if (Object.keys(pins).some((id) => names.has(id)))
    store.set(pinsAtom, Object.fromEntries(Object.entries(pins).map(([id, pin]) => [to(id), pin])))
}

/** What was added here has other names: the selection goes along, and what the nodes say of each other. */
export function follow(
  store: Store,
  live: LiveDraft,
  names: ReadonlyMap<string, string>,
  show: () => void,
): void {
  // Drawn at once: the next key that is pressed is for the node that was selected, not for whose name it had.
  flushSync(() => {
    rename(store, names)
    show()
  })
  renaming.use(({ renameReferences }) => {
    const own = new Set(names.values())
    for (const node of live.now().nodes) {
      if (!own.has(node.id)) continue
      const data = renameReferences(node, names)
      for (const [field, value] of Object.entries(data))
        if (value !== node.data[field])
          live.tell({ type: "set", node: node.id, field: `data.${field}`, value })
    }
  })
}

/** Who else is here; what those had selected who have gone is selected no more. */
function showOthers(store: Store, others: readonly Person[]): void {
  if (others.length === 0 && store.get(othersAtom).length === 0) return
  store.set(othersAtom, others)
  const here = new Set(others.map(({ client }) => client))
  const selections = store.get(theirSelectionsAtom)
  if ([...selections.keys()].every((client) => here.has(client))) return
  store.set(theirSelectionsAtom, new Map([...selections].filter(([client]) => here.has(client))))
}

/** The atoms, commands and live draft of one open flow. */
export function useEditorStore(flow: Flow, findings: readonly Finding[], opening: Opening) {
  const me = useMe().user.id
  const [editor] = useState(() => {
    const store = createStore()
    const draft = draftOf(flow)
    store.set(draftAtom, draft)
    // Until the rules are here (use-validation.ts), what the server found by them is what is shown.
    store.set(serverFindingsAtom, { of: draft, findings })
    store.set(findingsAtom, findings)
    store.set(publishedAtom, {
      version: flow.published_version,
      draft: flow.has_unpublished_changes ? null : draft,
    })
    store.set(watchedIdAtom, opening.execution ?? null)
    if (opening.execution !== undefined) store.set(panelTabAtom, "result")
    const open = draft.nodes.find((node) => node.id === opening.node)
    if (open) store.set(selectionAtom, { nodes: new Set([open.id]), edges: new Set<string>() })
    const places = new Places()
    const savedAt = Date.parse(flow.updated_at)
    store.set(liveStateAtom, { is: "saved", at: savedAt })
    const live: LiveDraft = new LiveDraft(draft, savedAt, {
      // A window's name is its person's: whoever signs in after them has windows of their own.
      keeper: () => keeperOf(`${me} ${flow.id}`),
      open: (window) => openCanvas(flow.id, window),
      whyNot: () => whyNoCanvas(flow.id),
      onShown: (shown) => show(store, shown),
      onRenamed: (names, show) => follow(store, live, names, show),
      onState: (state) => store.set(liveStateAtom, state),
      // One's own other windows are nobody else.
      onOthers: (others) =>
        showOthers(
          store,
          others.filter(({ id }) => id !== me),
        ),
      onThreads: (threads) => store.set(threadsAtom, threads),
      onPresence: (client, presence) => {
        const { selection } = presence
        if (selection) {
          const next = new Map(store.get(theirSelectionsAtom)).set(client, selection)
          store.set(theirSelectionsAtom, next)
        }
        places.tell(client, presence)
      },
      onRefused: (message) => toast.failed("", message),
      now: Date.now,
      whenDrawn,
    })
    store.set(seenAtom, keptSeen(me, flow.id))
    store.sub(seenAtom, () => keepSeen(me, flow.id, store.get(seenAtom)))
    store.set(foldedAtom, keptFolds(flow.id))
    store.sub(foldedAtom, () => keepFolds(flow.id, store.get(foldedAtom)))
    store.set(pinsAtom, keptPins(flow.id))
    store.sub(pinsAtom, () => keepPins(flow.id, store.get(pinsAtom)))
    return { store, live, places, commands: editorCommands(store, live) }
  })
  const { live } = editor
  useEffect(() => {
    live.start()
    return () => live.leave()
  }, [live])
  return editor
}
