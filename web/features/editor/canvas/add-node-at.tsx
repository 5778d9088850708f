import { useEffect, useRef } from "react"
import { kinds } from "#core/flow/kinds"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { useAtom } from "#web/state/jotai.ts"
import { insertingAtom, type Inserting } from "../atoms.ts"
import { grip } from "../commands/graph.ts"
import { useEditor } from "../editor-context.ts"
import { fitsBetween } from "../model/insert.ts"

const all = Object.values(kinds).filter((kind) => kind.takesInput)
const between = all.filter((kind) => fitsBetween(kind.type))

/** A small list of kinds at the end of an edge that was drawn into the open, or on an edge. */
export function AddNodeAt() {
  const [inserting, setInserting] = useAtom(insertingAtom)
  const { commands } = useEditor()
  if (!inserting) return null
  const choose = (type: string) => {
    setInserting(null)
    if ("edge" in inserting) commands.insert(type, inserting.edge)
    else commands.addFrom(type, inserting.from, { x: inserting.at.x, y: inserting.at.y - grip.y })
  }
  return <KindList inserting={inserting} onChoose={choose} onClose={() => setInserting(null)} />
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
