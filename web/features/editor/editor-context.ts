import { createContext, use } from "react"
import type { Commands } from "./commands.ts"
import type { LiveDraft } from "./live/live-draft.ts"
import type { Places } from "./live/places.ts"

/** What an open editor hands to its parts: how to change the flow, and how it is kept. */
export type Editor = {
  flowId: string
  commands: Commands
  live: LiveDraft
  places: Places
  /** Whether this person may change the flow; others look. */
  mayEdit: boolean
  mayStart: boolean
}

const EditorContext = createContext<Editor | null>(null)
export const EditorProvider = EditorContext

export function useEditor(): Editor {
  const editor = use(EditorContext)
  if (!editor) throw new Error("this stands outside of an editor")
  return editor
}
