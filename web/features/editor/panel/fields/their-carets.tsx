import { useLayoutEffect, useRef, type RefObject } from "react"
import { inkOf } from "#web/ui/avatar.tsx"
import { cn } from "#web/ui/cn.ts"
import { caretPlace } from "./caret-place.ts"
import type { TheirCaret } from "./use-co-text.ts"

/** Others' carets over a text that is drawn in elements, with their names. */
export function TheirCarets({
  carets,
  drawn,
}: {
  carets: readonly TheirCaret[]
  /** What draws the text; the carets lie in the same box. */
  drawn: RefObject<HTMLElement | null>
}) {
  const marks = useRef(new Map<number, HTMLSpanElement>())
  // Where they are says the text as it is drawn: they are put there past React, with each drawing.
  useLayoutEffect(() => {
    const element = drawn.current
    if (!element || carets.length === 0) return
    const box = element.getBoundingClientRect()
    for (const { client, head } of carets) {
      const mark = marks.current.get(client)
      const at = caretPlace(element, head)
      if (!mark) continue
      mark.hidden = at === null
      if (!at) continue
      Object.assign(mark.style, {
        left: `${at.left - box.left}px`,
        top: `${at.top - box.top}px`,
        height: `${at.height}px`,
      })
      // There is no room for a name over the first line.
      mark.toggleAttribute("data-top", at.top - box.top < at.height)
    }
  })
  return carets.map(({ client, id, name }) => (
    <span
      key={client}
      ref={(element) => {
        if (element) marks.current.set(client, element)
        else marks.current.delete(client)
      }}
      aria-hidden
      data-caret-of={name}
      className={cn("group/caret pointer-events-none absolute z-10 w-0 border-l-2 border-current", inkOf(id))}
    >
      <span className="absolute bottom-full -left-0.5 rounded-sm bg-raised px-1 text-xs leading-4 font-medium whitespace-nowrap shadow-float group-data-top/caret:top-full group-data-top/caret:bottom-auto">
        {name}
      </span>
    </span>
  ))
}

/** Says who else writes here, for those who do not see it. */
export function WhoWrites({ carets }: { carets: readonly TheirCaret[] }) {
  const names = [...new Set(carets.map(({ name }) => name))]
  return (
    <span role="status" className="sr-only">
      {names.length > 0 && `${names.join(", ")} ${names.length === 1 ? "writes" : "write"} here`}
    </span>
  )
}
