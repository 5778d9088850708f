import type { FlowDraft } from "#core/contract/flows"
import type { Json } from "#core/json"
import { nothing, pinsAtom, selectionAtom } from "./atoms.ts"
import { copyCommands, fetchPasting } from "./commands/copies.ts"
import { deskOf, type Desk, type Store } from "./commands/desk.ts"
import { foldingCommands } from "./commands/folding.ts"
import { frameCommands } from "./commands/frames.ts"
import { addingCommands, graphCommands } from "./commands/graph.ts"
import { orderCommands } from "./commands/order.ts"
import { searchCommands } from "./commands/search.ts"
import { later } from "#web/ui/later.tsx"
import { nodeIdsOf, setField, setLabel, setRoutes, type Route } from "./model/document.ts"
import type { LiveDraft } from "./live/live-draft.ts"

/** Renaming writes expressions anew, and their parser comes after the canvas. */
const renaming = later(() => import("./model/rename.ts"))
/** What commands need that is not there from the beginning. */
export const fetchForCommands = () => Promise.all([renaming.fetch(), fetchPasting()])

export type Commands = ReturnType<typeof editorCommands>

/** Everything that a person does to the flow, by mouse, key or panel: each is one step of the history. */
export function editorCommands(store: Store, live: LiveDraft) {
  const desk = deskOf(store, live)
  return {
    ...selectionCommands(desk),
    ...historyCommands(desk),
    ...addingCommands(desk),
    ...graphCommands(desk),
    ...frameCommands(desk),
    ...foldingCommands(desk),
    ...orderCommands(desk),
    ...fieldCommands(desk),
    ...copyCommands(desk),
    ...searchCommands(desk),
  }
}

const selectionCommands = ({ store, draft, select }: Desk) => ({
  select,
  clearSelection: () => store.set(selectionAtom, nothing),
  selectAll: () => select(nodeIdsOf(draft())),
})

const historyCommands = ({ live }: Desk) => ({
  /** Takes back one's own last step; what others have done meanwhile stays. */
  undo: () => live.undo(),
  redo: () => live.redo(),
})

const fieldCommands = ({ store, draft, selection, select, apply }: Desk) => ({
  setField: (id: string, path: string, value: Json | undefined) =>
    apply(setField(draft(), id, path, value), `${id}.${path}`),
  /** Several fields of a node that change together. */
  setFields: (id: string, fields: Record<string, Json | undefined>) => {
    const next = Object.entries(fields).reduce(
      (now, [path, value]) => setField(now, id, path, value),
      draft(),
    )
    apply(next, `${id}.${Object.keys(fields).join()}`)
  },
  setLabel: (id: string, label: string) => apply(setLabel(draft(), id, label), `${id} label`),
  setRoutes: (id: string, field: string, routes: readonly Route[], renamed?: ReadonlyMap<string, string>) =>
    apply(setRoutes(draft(), id, field, routes, renamed), `${id}.${field}.${routes.length}`),

  rename: (id: string, to: string): void =>
    renaming.use(({ renameNode }) => {
      const isOpen = selection().nodes.has(id)
      const next = renameNode(draft(), id, to)
      if (next === draft()) return
      apply(next)
      const { [id]: pin, ...others } = store.get(pinsAtom)
      if (pin !== undefined) store.set(pinsAtom, { ...others, [to]: pin })
      if (isOpen) select([to])
    }),

  /** Changes the flow itself: its name, schemas, settings. */
  setFlow(part: Partial<Omit<FlowDraft, "nodes" | "edges">>): void {
    const next = { ...draft(), ...part }
    for (const key of ["input_schema", "output_schema"] as const)
      if (next[key] === undefined) delete next[key]
    apply(next, `flow ${Object.keys(part).join(" ")}`)
  },
})
