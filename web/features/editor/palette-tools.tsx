import { keepPreviousData, useQuery } from "@tanstack/react-query"
import type { DragEvent } from "react"
import { sayToolKind } from "#web/agent/tools/say-kind.ts"
import type { OfferedTool } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { later } from "#web/ui/later.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { dragType, fittingType, toolDragType } from "./canvas/drag-type.ts"

/** The contracts of all that can be chosen: nothing is searched for while the canvas is drawn. */
const choices = later(() => import("#web/api/choices.ts"))
export const fetchChoices = choices.fetch

const fewestLetters = 2
const mostShown = 8

/** Tools that a search in the palette finds; the search for kinds of nodes goes on without waiting for them. */
export function usePaletteTools(search: string): readonly OfferedTool[] {
  const words = useSettled(search.trim())
  const isAsked = words.length >= fewestLetters && search.trim().length >= fewestLetters
  const may = useCan("agent.read")
  const { data } = useQuery({
    queryKey: queryKeys.toolSearch(words),
    queryFn: async ({ signal }) => (await choices.fetch()).searchTools(words, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    enabled: isAsked && may,
  })
  return isAsked && data ? data.slice(0, mostShown) : []
}

type PaletteToolsProps = { tools: readonly OfferedTool[]; onAdd: (tool: OfferedTool) => void }

/** Tools by their names: a click adds a node that calls one, a drag puts it where it is dropped. */
export function PaletteTools({ tools, onAdd }: PaletteToolsProps) {
  if (tools.length === 0) return null
  return (
    <section aria-label="Tools by name" className="pt-2">
      <h2 className="px-1.5 pb-1 text-sm font-medium text-muted">Tools by name</h2>
      {tools.map((tool) => (
        <Tooltip key={tool.id} text={tool.description.slice(0, 200)} side="right">
          <button
            type="button"
            draggable
            onDragStart={(event) => carry(event, tool)}
            onClick={() => onAdd(tool)}
            className="focus-ring flex min-h-8 w-full cursor-grab items-center gap-2 rounded-md px-1.5 py-1 text-left hover:bg-hover active:cursor-grabbing active:bg-active pointer-coarse:min-h-11"
          >
            <KindTile type="tool" size="sm" />
            <span className="min-w-0 flex-1">
              <span className="block truncate font-mono text-sm">{tool.name}</span>
              <span className="block truncate text-xs text-muted">{sayToolKind(tool.own)}</span>
            </span>
          </button>
        </Tooltip>
      ))}
    </section>
  )
}

function carry({ dataTransfer }: DragEvent, { id, name }: OfferedTool): void {
  dataTransfer.setData(dragType, "tool")
  dataTransfer.setData(fittingType, "tool")
  dataTransfer.setData(toolDragType, JSON.stringify({ id, name }))
  dataTransfer.effectAllowed = "copy"
}
