import { useState } from "react"
import { Failure, failures } from "#core/errors"
import type { Flow } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"
import { createStore } from "#web/state/jotai.ts"
import {
  conflictPutOffAtom,
  draftAtom,
  historyAtom,
  panelTabAtom,
  pinsAtom,
  publishedAtom,
  saveStateAtom,
  selectionAtom,
  serverFindingsAtom,
  watchedIdAtom,
} from "./atoms.ts"
import { editorCommands } from "./commands.ts"
import { Autosave, type SaveOutcome } from "./model/autosave.ts"
import { begin } from "./model/history.ts"
import { keepPins, keptPins } from "./model/pins.ts"
import { foundByServer } from "./model/server-findings.ts"
import { draftOf, saveDraft } from "./queries.ts"

/** A refusal that may pass, and a line that is down, are waited out; a stale version and a wrong draft are a person's business. */
export function judgeSave(error: unknown): SaveOutcome {
  if (!(error instanceof Failure)) return "offline"
  if (error.code === "conflict.stale") return "conflict"
  return failures[error.code].retry ? "offline" : "refused"
}

type Opening = { node: string | undefined; execution: string | undefined }

/** The atoms, commands and autosave of one open flow. Made once: what the server sends later is not poured over what is typed. */
export function useEditorStore(flow: Flow, findings: readonly Finding[], opening: Opening) {
  return useState(() => {
    const store = createStore()
    const draft = draftOf(flow)
    store.set(historyAtom, begin(draft))
    store.set(serverFindingsAtom, foundByServer(draft, findings))
    store.set(publishedAtom, {
      version: flow.published_version,
      draft: flow.has_unpublished_changes ? null : draft,
    })
    store.set(saveStateAtom, { is: "saved", at: Date.parse(flow.updated_at) })
    store.set(watchedIdAtom, opening.execution ?? null)
    if (opening.execution !== undefined) store.set(panelTabAtom, "result")
    const open = draft.nodes.find((node) => node.id === opening.node)
    if (open) store.set(selectionAtom, { nodes: new Set([open.id]), edges: new Set<string>() })
    const autosave = new Autosave(draft, flow.version, Date.parse(flow.updated_at), {
      save: async (next, version) => {
        const saved = await saveDraft(flow.id, next, version)
        store.set(serverFindingsAtom, foundByServer(next, saved.findings))
        return saved.flow.version
      },
      judge: judgeSave,
      onState: (state) => {
        store.set(saveStateAtom, state)
        if (state.is === "conflict") store.set(conflictPutOffAtom, false)
      },
      now: Date.now,
    })
    store.sub(draftAtom, () => autosave.changed(store.get(draftAtom)))
    store.set(pinsAtom, keptPins(flow.id))
    store.sub(pinsAtom, () => keepPins(flow.id, store.get(pinsAtom)))
    return { store, autosave, commands: editorCommands(store) }
  })[0]
}
