import { useId, useState, type KeyboardEvent, type RefObject } from "react"
import type { FlowPerson } from "#core/contract/canvas"
import { called, callingAt, offered, type Calling } from "./mentions.ts"

type Open = { calling: Calling; found: FlowPerson[]; chosen: number }
type Asked = Pick<Open, "calling" | "chosen">

type MentionsSetting = {
  area: RefObject<HTMLTextAreaElement | null>
  people: readonly FlowPerson[]
  onChange: (text: string) => void
}

/** People to choose from while a name is written after an @: the arrows choose, Enter and Tab take, Escape sends them away. */
export function useMentions({ area, people, onChange }: MentionsSetting) {
  const id = useId()
  const [asked, setAsked] = useState<Asked | null>(null)
  const close = () => setAsked(null)
  const look = (text: string, caret: number) => {
    const calling = callingAt(text, caret)
    setAsked(calling ? { calling, chosen: 0 } : null)
  }
  // Found anew each time: whoever types fast has called somebody before the people are known.
  const open = openWith(people, asked)
  const take = (person: FlowPerson) => {
    const box = area.current
    if (!box || !open) return
    const made = called(box.value, box.selectionEnd, open.calling, person.name)
    close()
    onChange(made.text)
    requestAnimationFrame(() => {
      box.focus()
      box.setSelectionRange(made.caret, made.caret)
    })
  }
  /** Whether the list has taken the key. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (!open || event.metaKey || event.ctrlKey) return false
    const last = open.found.length - 1
    const choose = (chosen: number) => setAsked({ calling: open.calling, chosen })
    if (event.key === "ArrowDown") choose(open.chosen === last ? 0 : open.chosen + 1)
    else if (event.key === "ArrowUp") choose(open.chosen === 0 ? last : open.chosen - 1)
    else if (event.key === "Escape") close()
    else if (event.key === "Enter" || event.key === "Tab") take(open.found[open.chosen]!)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }
  return {
    open,
    look,
    take,
    close,
    onKey,
    listId: id,
    aria: {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      ...(open ? { "aria-controls": id, "aria-activedescendant": `${id}-${open.chosen}` } : {}),
    } as const,
  }
}

function openWith(people: readonly FlowPerson[], asked: Asked | null): Open | null {
  const found = asked ? offered(people, asked.calling) : []
  return asked && found.length > 0
    ? { ...asked, found, chosen: Math.min(asked.chosen, found.length - 1) }
    : null
}

export type MentionList = Pick<ReturnType<typeof useMentions>, "open" | "take" | "listId">
