import { useReactFlow } from "@xyflow/react"
import { PanelLeftClose, PanelLeftOpen } from "lucide-react"
import { useEffect, useRef, useState, type DragEvent, type ReactNode } from "react"
import { kinds } from "#core/flow/kinds"
import type { Family, Kind } from "#core/flow/kinds/kind"
import type { OfferedTool } from "#web/api/choices.ts"
import { familyTitles, KindTile } from "#web/flow/kind-tile.tsx"
import { cn } from "#web/ui/cn.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { isTyping } from "#web/ui/keyboard.ts"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { useMedia } from "#web/ui/use-media.ts"
import { dragType, fittingType } from "./canvas/drag-type.ts"
import { useEditor } from "./editor-context.ts"
import { fitsBetween } from "./model/insert.ts"
import { toolPreset } from "./model/tool-preset.ts"
import { PaletteTools, usePaletteTools } from "./palette-tools.tsx"

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
function useMiddle(): () => { x: number; y: number } {
  const flow = useReactFlow()
  return () => {
    const box = document.querySelector("[data-canvas]")?.getBoundingClientRect()
    if (!box) return { x: 0, y: 0 }
    const point = flow.screenToFlowPosition({ x: box.x + box.width / 2, y: box.y + box.height / 2 })
    return { x: point.x - 100, y: point.y - 28 }
  }
}

/** From the search to the node that is selected, else nowhere. */
function leave(field: HTMLElement): void {
  const node = ["selected", "react-flow__node"]
    .map((look) => document.querySelector<HTMLElement>(`.react-flow__node.${look}`))
    .find((one) => one !== null)
  if (node) node.focus()
  else field.blur()
}

type PaletteProps = {
  onAdded?: () => void
  /** Stands beside the search, such as a way to fold the palette. */
  action?: ReactNode
}

/** Adds a kind as a click means it. */
function useAdd(onAdded?: () => void): (kind: Kind) => void {
  const { commands } = useEditor()
  const middle = useMiddle()
  return (kind) => {
    commands.add(kind.type, { middle: middle() })
    onAdded?.()
  }
}

/** Adds a node that calls a tool. */
function useAddTool(onAdded?: () => void): (tool: OfferedTool) => void {
  const { commands } = useEditor()
  const middle = useMiddle()
  return (tool) => {
    commands.add("tool", { middle: middle() }, toolPreset(tool))
    onAdded?.()
  }
}

/** The kinds of nodes, by family, and tools by name: a click adds one after the selected node, a drag puts it where it is dropped. */
export function Palette({ onAdded, action }: PaletteProps) {
  const [search, setSearch] = useState("")
  const found = all.filter((kind) => finds(kind, search))
  const add = useAdd(onAdded)
  const tools = usePaletteTools(search)
  const addTool = useAddTool(onAdded)
  const enter = () => {
    if (found[0]) add(found[0])
    else if (tools[0]) addTool(tools[0])
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex gap-1 p-2">
        <SearchInput
          label="Search nodes"
          value={search}
          onChange={setSearch}
          className="w-full flex-1"
          onKeyDown={(event) => {
            if (event.key === "Enter") enter()
            else if (event.key === "Escape" && search !== "") setSearch("")
            else if (event.key === "Escape") leave(event.currentTarget)
          }}
        />
        {action}
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
        <PaletteTools tools={tools} onAdd={addTool} />
        {found.length === 0 && tools.length === 0 && (
          <p className="px-1.5 py-6 text-center text-muted">No node is called that.</p>
        )}
      </div>
    </div>
  )
}

function PaletteItem({ kind, onAdd }: { kind: Kind; onAdd: () => void }) {
  return (
    <Tooltip text={kind.summary} side="right">
      <button
        type="button"
        {...draggable(kind)}
        onClick={onAdd}
        className="focus-ring flex h-8 w-full cursor-grab items-center gap-2 rounded-md px-1.5 text-left hover:bg-hover active:cursor-grabbing active:bg-active pointer-coarse:h-11"
      >
        <KindTile type={kind.type} size="sm" />
        <span className="truncate">{kind.title}</span>
      </button>
    </Tooltip>
  )
}

const draggable = (kind: Kind) => ({
  draggable: true,
  onDragStart: (event: DragEvent) => {
    event.dataTransfer.setData(dragType, kind.type)
    if (fitsBetween(kind.type)) event.dataTransfer.setData(fittingType, kind.type)
    event.dataTransfer.effectAllowed = "copy"
  },
})

/** The palette beside the canvas: whole where there is room, else its icons, which open to the whole. */
export function SidePalette() {
  const hasRoom = useMedia("(width >= 90rem)")
  const [chosen, setChosen] = useState<boolean | null>(null)
  const isOpen = chosen ?? hasRoom
  return (
    <aside
      aria-label="Nodes to add"
      className={cn("flex shrink-0 flex-col border-r bg-surface", isOpen ? "w-56" : "w-12")}
    >
      {isOpen ? (
        <Palette
          action={
            <IconButton label="Fold the palette" size="sm" onClick={() => setChosen(false)}>
              <PanelLeftClose />
            </IconButton>
          }
        />
      ) : (
        <Rail onOpen={() => setChosen(true)} />
      )}
    </aside>
  )
}

function Rail({ onOpen }: { onOpen: () => void }) {
  const add = useAdd()
  const opening = useRef(onOpen)
  useEffect(() => {
    opening.current = onOpen
  }, [onOpen])
  // The key that goes to the search brings the search first.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.metaKey || event.ctrlKey || isTyping(event.target)) return
      event.preventDefault()
      opening.current()
      requestAnimationFrame(() => document.querySelector<HTMLElement>("aside input[type=search]")?.focus())
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [])
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center gap-0.5 overflow-y-auto py-2">
      <IconButton label="Show the names of nodes" size="sm" className="mb-1" onClick={onOpen}>
        <PanelLeftOpen />
      </IconButton>
      {families.map((family) => {
        const members = all.filter((kind) => kind.family === family)
        if (members.length === 0) return null
        return (
          <div
            key={family}
            role="group"
            aria-label={familyTitles[family]}
            className="flex flex-col gap-0.5 border-t border-line py-1"
          >
            {members.map((kind) => (
              <Tooltip key={kind.type} text={`${kind.title}: ${kind.summary}`} side="right">
                <button
                  type="button"
                  aria-label={kind.title}
                  {...draggable(kind)}
                  onClick={() => add(kind)}
                  className="focus-ring flex size-8 cursor-grab items-center justify-center rounded-md hover:bg-hover active:cursor-grabbing active:bg-active pointer-coarse:size-11"
                >
                  <KindTile type={kind.type} size="sm" />
                </button>
              </Tooltip>
            ))}
          </div>
        )
      })}
    </div>
  )
}
