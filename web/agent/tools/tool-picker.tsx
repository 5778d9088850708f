import { ChevronDown, Plus } from "lucide-react"
import { useId, useRef, useState } from "react"
import type { Tool } from "#core/contract/tools"
import type { ToolRef } from "#core/tool/tool"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { Checkbox } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Skeleton } from "#web/ui/skeleton.tsx"
import { EndSensor } from "#web/ui/table/end-sensor.tsx"
import { RiskBadge } from "./risk-badge.tsx"
import { useOfferedTools, type Offered } from "./use-offered-tools.ts"

type ToolPickerProps = {
  value: readonly ToolRef[]
  onChange: (value: ToolRef[]) => void
  fault: string | undefined
  disabled: boolean
  /** Opens the form of a tool, or of a new one; absent where tools are only chosen. */
  onEdit?: (tool: Tool | "new") => void
}

/** The tools there are, however many; a tick grants one. Granted ones are always in sight. */
export function ToolPicker({ value, onChange, fault, disabled, onEdit }: ToolPickerProps) {
  const [words, setWords] = useState("")
  const list = useRef<HTMLUListElement>(null)
  const held = useEverHeld(value)
  const { error, isPending, found, more, gone, isSearching, onEnd } = useOfferedTools(words, held)
  if (error) return <ErrorNote error={error} />
  const granted = new Set<string>(value)
  const shown = isSearching ? found : [...more, ...found]
  const grant = (id: string, on: boolean, ref?: ToolRef) =>
    onChange(on && ref ? [...value, ref] : value.filter((held) => held !== id))
  return (
    <div className="flex flex-col gap-2">
      <SearchInput label="Search tools" value={words} onChange={setWords} className="w-full" />
      {isPending && <Skeleton className="h-24" />}
      <ul
        ref={list}
        hidden={isPending}
        aria-label="Tools"
        className="flex max-h-96 flex-col overflow-y-auto rounded-md border border-line-strong"
      >
        {!isSearching &&
          gone
            .filter((id) => granted.has(id))
            .map((id) => (
              <li
                key={id}
                className="flex items-center gap-3 border-t border-line px-3 py-2 text-failed first:border-t-0"
              >
                <span className="min-w-0 flex-1 truncate">A tool that is gone ({id})</span>
                <Button size="xs" disabled={disabled} onClick={() => grant(id, false)}>
                  Remove
                </Button>
              </li>
            ))}
        {shown.map((tool) => (
          <ToolLine
            key={tool.id}
            tool={tool}
            granted={granted.has(tool.id)}
            disabled={disabled}
            onGrant={(on) => grant(tool.id, on, tool.id)}
            onEdit={onEdit ?? null}
          />
        ))}
        {shown.length === 0 && <li className="px-3 py-2 text-muted">No tool matches.</li>}
        {onEnd && (
          <li aria-hidden>
            <EndSensor onEnd={onEnd} scroller={list} />
          </li>
        )}
      </ul>
      {fault && (
        <p role="alert" className="text-sm text-failed">
          {fault}
        </p>
      )}
      <div className="flex items-center gap-3">
        {onEdit && (
          <Button size="sm" onClick={() => onEdit("new")}>
            <Plus aria-hidden />
            New HTTP tool
          </Button>
        )}
        <span role="status" className="tabular text-sm text-muted">
          {granted.size === 0 ? "None granted: it answers by itself." : `${granted.size} granted`}
        </span>
      </div>
    </div>
  )
}

/** What was taken back a moment ago stays in sight, to be granted again. */
function useEverHeld(value: readonly ToolRef[]): readonly ToolRef[] {
  const [held, setHeld] = useState(value)
  const all = [...new Set([...held, ...value])]
  if (all.length > held.length) setHeld(all)
  return all
}

type ToolLineProps = {
  tool: Offered
  granted: boolean
  disabled: boolean
  onGrant: (on: boolean) => void
  onEdit: ((tool: Tool) => void) | null
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
        {own && onEdit && (
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
