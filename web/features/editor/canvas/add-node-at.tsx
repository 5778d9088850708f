import { useEffect, useRef } from "react"
import { kinds } from "#core/flow/kinds"
import { KindTile } from "#web/flow/kind-tile.tsx"
import type { Point } from "../model/document.ts"

/** Where an edge that was drawn into the open ended, and where it came from. */
export type DrawnInto = { screen: Point; at: Point; from: { source: string; source_handle: string } }

type AddNodeAtProps = { drawn: DrawnInto; onChoose: (type: string) => void; onClose: () => void }

const choices = Object.values(kinds).filter((kind) => kind.takesInput)

/** A small list of kinds at the end of an edge that was drawn into the open. */
export function AddNodeAt({ drawn, onChoose, onClose }: AddNodeAtProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.querySelector("button")?.focus(), [])
  const walk = (by: number) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(at + by + buttons.length) % buttons.length]?.focus()
  }
  return (
    <div
      ref={list}
      role="menu"
      aria-label="Add a node here"
      data-state="open"
      tabIndex={-1}
      style={{
        left: Math.min(drawn.screen.x, innerWidth - 216),
        top: Math.min(drawn.screen.y, innerHeight - 40 - choices.length * 32),
      }}
      className="fixed z-50 w-52 animate-pop-in rounded-md bg-raised p-1 shadow-float outline-none"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose()
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose()
        else if (event.key === "ArrowDown") walk(1)
        else if (event.key === "ArrowUp") walk(-1)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      {choices.map((kind) => (
        <button
          key={kind.type}
          type="button"
          role="menuitem"
          onClick={() => {
            onChoose(kind.type)
            onClose()
          }}
          className="flex h-8 w-full items-center gap-2 rounded-sm px-1.5 text-left outline-none hover:bg-hover focus-visible:bg-hover pointer-coarse:h-11"
        >
          <KindTile type={kind.type} size="sm" />
          {kind.title}
        </button>
      ))}
    </div>
  )
}
