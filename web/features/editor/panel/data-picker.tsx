import { Braces } from "lucide-react"
import { useState } from "react"
import type { Json } from "#core/json"
import { KindTile } from "#web/flow/kind-tile.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { Popover } from "#web/ui/popover.tsx"
import type { DataSource } from "../model/data-sources.ts"
import { useDataSources } from "./use-data-sources.ts"

type DataPickerProps = { nodeId: string | null; onChoose: (reference: string) => void; className?: string }

/** Offers the inputs and what the nodes before this one give, to be put into an expression. */
export function DataPicker({ nodeId, onChoose, className }: DataPickerProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      label="Insert data"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-80"
      trigger={
        <IconButton label="Insert data" size="sm" tooltip={!open} className={className}>
          <Braces />
        </IconButton>
      }
    >
      <Choices
        nodeId={nodeId}
        onChoose={(reference) => {
          setOpen(false)
          onChoose(reference)
        }}
      />
    </Popover>
  )
}

function Choices({ nodeId, onChoose }: { nodeId: string | null; onChoose: (reference: string) => void }) {
  const [search, setSearch] = useState("")
  const find = useDataSources(nodeId)
  const [sources] = useState(find)
  const wanted = search.trim().toLowerCase()
  const shown = sources
    .map((source) => ({
      ...source,
      references: source.references.filter(
        ({ path }) => wanted === "" || `${path} ${source.title}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter((source) => source.references.length > 0)
  return (
    <div className="flex max-h-80 flex-col">
      <div className="border-b p-2">
        <Input
          aria-label="Search data"
          placeholder="Search data"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            const first = shown[0]?.references[0]
            if (event.key === "Enter" && first) onChoose(first.path)
          }}
        />
      </div>
      <div className="min-h-0 overflow-y-auto p-1">
        {shown.map((source) => (
          <Source key={source.id} source={source} onChoose={onChoose} />
        ))}
        {shown.length === 0 && (
          <p className="px-2 py-4 text-center text-muted">Nothing before this node is called that.</p>
        )}
      </div>
    </div>
  )
}

function Source({ source, onChoose }: { source: DataSource; onChoose: (reference: string) => void }) {
  const { title, kind } = source
  return (
    <section aria-label={title} className="pb-1">
      <h3 className="flex items-center gap-1.5 px-2 py-1 text-sm font-medium">
        <KindTile type={kind} size="sm" className="size-4" />
        <span className="truncate">{title}</span>
      </h3>
      {source.references.map(({ path, label, type, sample }, i) => (
        <button
          key={path}
          type="button"
          onClick={() => onChoose(path)}
          className="focus-ring-inset flex h-7 w-full items-center gap-2 rounded-sm px-2 text-left hover:bg-hover pointer-coarse:h-10"
        >
          <span className={i === 0 ? "truncate font-mono text-sm" : "truncate pl-5 font-mono text-sm"}>
            {label}
          </span>
          <span className="ml-auto max-w-32 shrink-0 truncate text-sm text-muted">
            {sample === undefined ? type : sayBriefly(sample)}
          </span>
        </button>
      ))}
    </section>
  )
}

const sayBriefly = (value: Json): string => {
  const said = typeof value === "string" ? value : JSON.stringify(value)
  return said.length > 40 ? `${said.slice(0, 39)}…` : said
}
