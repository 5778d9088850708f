import { useQuery } from "@tanstack/react-query"
import { ChevronDown, Plus } from "lucide-react"
import { lazy, Suspense, useId, useState } from "react"
import type { Tool } from "#core/contract/tools"
import type { JsonObject } from "#core/json"
import type { Risk } from "#core/tool/tool"
import { toolChoicesQuery } from "#web/api/choices.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { Checkbox } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Skeleton } from "#web/ui/skeleton.tsx"
import { isHttp, type HttpToolRow } from "../tools/queries.ts"
import { RiskBadge } from "../tools/risk-badge.tsx"
import type { Parts } from "./parts.ts"

const ToolDialog = lazy(() => import("../tools/tool-dialog.tsx"))

type Offered = {
  id: string
  name: string
  description: string
  risk: Risk
  input_schema: JsonObject
  own: Tool | null
}

const searchFrom = 8

/** The tools there are, own ones first; a tick grants one. */
export function ToolPicker({ draft: { draft, set, faults }, disabled }: Parts) {
  const tools = useQuery(toolChoicesQuery)
  const [words, setWords] = useState("")
  const [dialog, setDialog] = useState<HttpToolRow | "new" | null>(null)
  if (tools.isError) return <ErrorNote error={tools.error} />
  if (!tools.data) return <Skeleton className="h-24" />
  const offered: Offered[] = [
    ...tools.data.tools.map((own) => ({ ...own, own })),
    ...tools.data.builtin.map((one) => ({ ...one, own: null })),
  ]
  const granted = new Set<string>(draft.tool_ids)
  const gone = draft.tool_ids.filter((id) => !offered.some((one) => one.id === id))
  const wanted = words.trim().toLowerCase()
  const shown = offered.filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))
  const grant = (id: string, on: boolean) =>
    set({
      tool_ids: on ? [...draft.tool_ids, id] : draft.tool_ids.filter((held) => held !== id),
    })
  const fault = Object.entries(faults).find(([path]) => path.startsWith("tool_ids"))?.[1]
  return (
    <div className="flex flex-col gap-2">
      {offered.length > searchFrom && (
        <SearchInput label="Search tools" value={words} onChange={setWords} className="w-full" />
      )}
      <ul
        aria-label="Tools"
        className="flex max-h-96 flex-col overflow-y-auto rounded-md border border-line-strong"
      >
        {shown.map((tool) => (
          <ToolLine
            key={tool.id}
            tool={tool}
            granted={granted.has(tool.id)}
            disabled={disabled}
            onGrant={(on) => grant(tool.id, on)}
            onEdit={disabled ? null : setDialog}
          />
        ))}
        {shown.length === 0 && <li className="px-3 py-2 text-muted">No tool matches.</li>}
        {gone.map((id) => (
          <li key={id} className="flex items-center gap-3 border-t border-line px-3 py-2 text-failed">
            <span className="min-w-0 flex-1 truncate">A tool that is gone ({id})</span>
            <Button size="xs" disabled={disabled} onClick={() => grant(id, false)}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {fault && (
        <p role="alert" className="text-sm text-failed">
          {fault}
        </p>
      )}
      <div className="flex items-center gap-3">
        {!disabled && (
          <Button size="sm" onClick={() => setDialog("new")}>
            <Plus aria-hidden />
            New HTTP tool
          </Button>
        )}
        <span className="tabular text-sm text-muted">
          {granted.size === 0 ? "None granted: it answers by itself." : `${granted.size} granted`}
        </span>
      </div>
      <Suspense>
        {dialog !== null && (
          <ToolDialog
            tool={dialog === "new" ? null : dialog}
            onClose={() => setDialog(null)}
            onMade={(tool) => grant(tool.id, true)}
          />
        )}
      </Suspense>
    </div>
  )
}

type ToolLineProps = {
  tool: Offered
  granted: boolean
  disabled: boolean
  onGrant: (on: boolean) => void
  onEdit: ((tool: HttpToolRow) => void) | null
}

function ToolLine({ tool, granted, disabled, onGrant, onEdit }: ToolLineProps) {
  const [isOpen, setOpen] = useState(false)
  const { own } = tool
  const id = useId()
  return (
    <li className="border-t border-line first:border-t-0 [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]">
      <div className="flex items-center gap-3 px-3 py-1.5">
        <Checkbox
          id={id}
          checked={granted}
          disabled={disabled}
          onCheckedChange={onGrant}
          aria-describedby={`${id}-says`}
        />
        <label htmlFor={id} className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            <span className="truncate font-mono text-sm font-medium">{tool.name}</span>
            <RiskBadge risk={tool.risk} />
            {tool.own?.needs_approval && <Badge tone="waiting">Asks first</Badge>}
          </span>
          <span id={`${id}-says`} className="line-clamp-2 text-sm text-muted">
            {tool.description}
          </span>
        </label>
        {isHttp(own) && onEdit && (
          <Button size="xs" tone="ghost" onClick={() => onEdit(own)}>
            Edit
          </Button>
        )}
        <Button
          size="xs"
          tone="ghost"
          aria-expanded={isOpen}
          aria-label={`Arguments of ${tool.name}`}
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronDown aria-hidden className={cn("transition-transform", isOpen && "rotate-180")} />
        </Button>
      </div>
      {isOpen && (
        <pre className="mx-3 mb-2 max-h-48 overflow-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs">
          {JSON.stringify(tool.input_schema, null, 2)}
        </pre>
      )}
    </li>
  )
}
