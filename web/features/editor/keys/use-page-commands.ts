import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { offerCommands } from "#web/state/page-commands.ts"
import { useStore } from "#web/state/jotai.ts"
import { useEditor } from "../editor-context.ts"
import { press, shortcutGroups } from "./shortcuts.ts"

/** Keys that mean something only where the keyboard is. */
const ofThePlace = new Set(["esc", "enter", "backspace"])

/** Everything that a shortcut does is found by its words too, in the palette of commands. */
export function usePageCommands(): void {
  const editor = useEditor()
  const store = useStore()
  const flow = useReactFlow()
  useEffect(() => {
    const all = shortcutGroups.flatMap(({ shortcuts }) => shortcuts)
    const single = all.filter(
      ({ run, keys, edits }) => run && keys.length === 1 && (!edits || editor.mayEdit),
    )
    return offerCommands(
      single.flatMap(({ keys: [combo], does }) => {
        if (combo === undefined || ofThePlace.has(combo)) return []
        // Once the palette has gone and given the keyboard back.
        const run = () =>
          void setTimeout(() => press({ editor, store, flow, focused: null, isOnControl: false }, combo))
        return [{ id: `editor ${combo}`, label: does, keys: combo, run }]
      }),
    )
  }, [editor, store, flow])
}
