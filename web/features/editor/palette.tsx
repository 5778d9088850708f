import { useReactFlow } from "@xyflow/react"
import { useState } from "react"
import { kinds } from "#core/flow/kinds"
import type { Family, Kind } from "#core/flow/kinds/kind"
import { familyTitles, KindTile } from "#web/flow/kind-tile.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { dragType, fittingType } from "./canvas/drag-type.ts"
import { useEditor } from "./editor-context.ts"
import { fitsBetween } from "./model/insert.ts"

const families = Object.keys(familyTitles) as Family[]
/** The order of the palette: what begins a flow stands first. */
const all: Kind[] = Object.values(kinds)

const finds = (kind: Kind, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) =>
      `${kind.title} ${kind.type} ${kind.summary} ${familyTitles[kind.family]}`.toLowerCase().includes(word),
    )

/** The middle of what is in view, where a node that follows no other is put. */
export function useMiddle(): () => { x: number; y: number } {
  const flow = useReactFlow()
  return () => {
    const box = document.querySelector("[data-canvas]")?.getBoundingClientRect()
    if (!box) return { x: 0, y: 0 }
    const point = flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
    return { x: point.x - 100, y: point.y - 28 }
  }
}

/** The kinds of nodes, by family: a click adds one after the selected node, a drag puts it where it is dropped. */
export function Palette({ onAdded }: { onAdded?: () => void }) {
  const { commands } = useEditor()
  const [search, setSearch] = useState("")
  const middle = useMiddle()
  const found = all.filter((kind) => finds(kind, search))
  const add = (kind: Kind) => {
    commands.add(kind.type, { middle: middle() })
    onAdded?.()
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="p-2">
        <SearchInput
          label="Search nodes"
          value={search}
          onChange={setSearch}
          className="w-full"
          onKeyDown={(event) => {
            if (event.key === "Enter" && found[0]) add(found[0])
            else if (event.key === "Escape" && search !== "") setSearch("")
            else if (event.key === "Escape") event.currentTarget.blur()
          }}
        />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {families.map((family) => {
          const members = found.filter((kind) => kind.family === family)
          if (members.length === 0) return null
          return (
            <section key={family} aria-label={familyTitles[family]} className="pt-2">
              <h2 className="px-1.5 pb-1 text-sm font-medium text-muted">{familyTitles[family]}</h2>
              {members.map((kind) => (
                <PaletteItem key={kind.type} kind={kind} onAdd={() => add(kind)} />
              ))}
            </section>
          )
        })}
        {found.length === 0 && <p className="px-1.5 py-6 text-center text-muted">No node is called that.</p>}
      </div>
    </div>
  )
}

function PaletteItem({ kind, onAdd }: { kind: Kind; onAdd: () => void }) {
  return (
    <Tooltip text={kind.summary} side="right">
      <button
        type="button"
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(dragType, kind.type)
          if (fitsBetween(kind.type)) event.dataTransfer.setData(fittingType, kind.type)
          event.dataTransfer.effectAllowed = "copy"
        }}
        onClick={onAdd}
        className="focus-ring flex h-8 w-full cursor-grab items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover active:cursor-grabbing active:bg-active pointer-coarse:h-11"
      >
        <KindTile type={kind.type} size="sm" />
        <span className="truncate">{kind.title}</span>
      </button>
    </Tooltip>
  )
}
