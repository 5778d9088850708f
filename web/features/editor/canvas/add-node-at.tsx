import { useEffect, useRef } from "react"
import { kinds } from "#core/flow/kinds"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { useAtom, useStore } from "#web/state/jotai.ts"
import { insertingAtom, type Inserting } from "../atoms.ts"
import { grip } from "../commands/graph.ts"
import { useEditor } from "../editor-context.ts"
import { fitsBetween } from "../model/insert.ts"
import { goToNode } from "./go-to-node.ts"

const all = Object.values(kinds).filter((kind) => kind.takesInput)
const between = all.filter((kind) => fitsBetween(kind.type))

/** A small list of kinds at the end of an edge that was drawn into the open, or on an edge. */
export function AddNodeAt() {
  const [inserting, setInserting] = useAtom(insertingAtom)
  const { commands } = useEditor()
  const store = useStore()
  if (!inserting) return null
  const choose = (type: string) => {
    setInserting(null)
    const id =
      "edge" in inserting
        ? commands.insert(type, inserting.edge)
        : commands.addFrom(type, inserting.from, { x: inserting.at.x, y: inserting.at.y - grip.y })
    if (id !== null) goToNode(store, id)
  }
  const close = () => {
    setInserting(null)
    const { activeElement } = document
    if ("from" in inserting && activeElement?.closest("[role=menu]")) goToNode(store, inserting.from.source)
  }
  return <KindList inserting={inserting} onChoose={choose} onClose={close} />
}

type KindListProps = { inserting: Inserting; onChoose: (type: string) => void; onClose: () => void }

const mostHigh = 368

function KindList({ inserting, onChoose, onClose }: KindListProps) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => list.current?.querySelector("button")?.focus(), [])
  const walk = (by: number) => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[(at + by + buttons.length) % buttons.length]?.focus()
  }
  /** A letter leads to the next kind that begins with it. */
  const jump = (letter: string): boolean => {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const next = [...buttons.slice(at + 1), ...buttons.slice(0, at + 1)].find((one) =>
      one.textContent.trim().toLowerCase().startsWith(letter.toLowerCase()),
    )
    next?.focus()
    return next !== undefined
  }
  const choices = "edge" in inserting ? between : all
  const { x, y } = inserting.screen
  return (
    <div
      ref={list}
      role="menu"
      aria-label="Add a node here"
      data-state="open"
      tabIndex={-1}
      style={{
        left: Math.max(8, Math.min(x, innerWidth - 216)),
        top: Math.max(8, Math.min(y, innerHeight - 16 - Math.min(mostHigh, choices.length * 32 + 8))),
        maxHeight: mostHigh,
      }}
      className="fixed z-50 w-52 animate-pop-in overflow-y-auto rounded-md bg-raised p-1 shadow-float outline-none"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) onClose()
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose()
        else if (event.key === "ArrowDown") walk(1)
        else if (event.key === "ArrowUp") walk(-1)
        else if (event.key.length !== 1 || event.key === " " || !jump(event.key)) return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      {choices.map((kind) => (
        <button
          key={kind.type}
          type="button"
          role="menuitem"
          onClick={() => onChoose(kind.type)}
          className="flex h-8 w-full items-center gap-2 rounded-sm px-1.5 text-left outline-none hover:bg-hover focus-visible:bg-hover pointer-coarse:h-11"
        >
          <KindTile type={kind.type} size="sm" />
          {kind.title}
        </button>
      ))}
    </div>
  )
}
