import { useId, useRef, useState, type KeyboardEvent, type RefObject } from "react"
import {
  complete,
  completingAt,
  suggestionsFor,
  type Completing,
  type Suggestion,
} from "../../model/completion.ts"
import type { DataSource } from "../../model/data-sources.ts"
import { caretPlace } from "./caret-place.ts"

type Open = { found: Suggestion[]; chosen: number; completing: Completing; left: number; top: number }

type SuggestionsSetting = {
  area: RefObject<HTMLTextAreaElement | null>
  colours: RefObject<HTMLDivElement | null>
  bare: boolean
  sources: () => DataSource[]
  onChange: (text: string, caret: number) => void
}

/**
 * Paths to choose from while an expression is typed. They come by typing, or by Ctrl and space; the arrows choose, Enter and Tab
 * take, Escape sends them away.
 */
export function useSuggestions({ area, colours, bare, sources, onChange }: SuggestionsSetting) {
  const id = useId()
  const [open, setOpen] = useState<Open | null>(null)
  const known = useRef<DataSource[] | null>(null)

  const close = () => {
    known.current = null
    setOpen(null)
  }
  const look = (text: string, caret: number) => {
    const completing = completingAt(text, caret, bare)
    if (!completing) return close()
    known.current ??= sources()
    const found = suggestionsFor(known.current, completing.word)
    // The text is drawn with the next frame; its caret cannot be placed before.
    requestAnimationFrame(() => {
      const at = colours.current && caretPlace(colours.current, completing.from)
      if (!at || found.length === 0) return setOpen(null)
      setOpen({ found, chosen: 0, completing, left: at.left, top: at.bottom })
    })
  }
  const take = (suggestion: Suggestion) => {
    const box = area.current
    if (!box || !open) return
    const made = complete(box.value, open.completing, suggestion.path)
    close()
    onChange(made.text, made.caret)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault()
      return look(event.currentTarget.value, event.currentTarget.selectionStart)
    }
    if (!open) return
    const last = open.found.length - 1
    if (event.key === "ArrowDown") setOpen({ ...open, chosen: open.chosen === last ? 0 : open.chosen + 1 })
    else if (event.key === "ArrowUp") setOpen({ ...open, chosen: open.chosen === 0 ? last : open.chosen - 1 })
    else if (event.key === "Escape") close()
    else if (event.key === "Enter" || event.key === "Tab") take(open.found[open.chosen]!)
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight" || event.key === "Home") return close()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return {
    open,
    look,
    take,
    close,
    onKeyDown,
    listId: id,
    /** For the field: that it has a list, and which of it is chosen. */
    aria: {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      ...(open ? { "aria-controls": id, "aria-activedescendant": `${id}-${open.chosen}` } : {}),
    } as const,
  }
}

export type Suggestions = ReturnType<typeof useSuggestions>
