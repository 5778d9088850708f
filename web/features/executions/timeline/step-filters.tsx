import { Focus } from "lucide-react"
import type { NodeStatus } from "#core/execution/status"
import { nodeStatusLook, toneHue } from "#web/flow/status.tsx"
import { splitKey } from "#web/flow/scope-path.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import { SearchInput } from "#web/ui/input.tsx"
import { useWatch } from "../watch.ts"

/** Those that people look for come first. */
const order: readonly NodeStatus[] = [
  "interrupted",
  "failed",
  "running",
  "retrying",
  "waiting",
  "ready",
  "succeeded",
  "cancelled",
  "skipped",
]

type StepFiltersProps = {
  words: string
  onWords: (words: string) => void
  statuses: ReadonlySet<NodeStatus>
  onStatuses: (statuses: ReadonlySet<NodeStatus>) => void
  /** The iteration, crew or agent that is looked at; empty for the whole. */
  within: string
  only: boolean
  onOnly: (only: boolean) => void
}

/** What of the steps is listed: words, how they stand, and whether only the chosen iteration counts. */
export function StepFilters(props: StepFiltersProps) {
  const { words, onWords, statuses, onStatuses, within, only, onOnly } = props
  const { live, flow } = useWatch()
  const counts = useLive(live, (one) => one.steps.counts) ?? {}
  const at = splitKey(within)
  const place = flow.roomOf(within) === within ? flow.title(at.node_id, at.scope) : flow.place(within)
  const toggle = (status: NodeStatus) => {
    const next = new Set(statuses)
    if (!next.delete(status)) next.add(status)
    onStatuses(next)
  }
  return (
    <div className="flex shrink-0 items-center gap-1.5 overflow-x-auto border-b px-3 py-1.5">
      <SearchInput label="Search steps" value={words} onChange={onWords} className="w-40 shrink-0" />
      <div role="group" aria-label="Status" className="flex items-center gap-1">
        {order.map((status) => {
          const count = counts[status] ?? 0
          if (count === 0 && !statuses.has(status)) return null
          const { icon: Icon, tone, word } = nodeStatusLook[status]
          return (
            <Chip key={status} pressed={statuses.has(status)} onPress={() => toggle(status)} title={word}>
              <Icon aria-hidden className={cn("size-3.5", toneHue[tone])} />
              <span className="sr-only">{word}</span>
              <span className="tabular">{count.toLocaleString("en")}</span>
            </Chip>
          )
        })}
      </div>
      {place !== "" && (
        <Chip pressed={only} onPress={() => onOnly(!only)} title={`Only what belongs to ${place}`}>
          <Focus aria-hidden className="size-3.5" />
          <span className="whitespace-nowrap">Only {place}</span>
        </Chip>
      )}
    </div>
  )
}

type ChipProps = { pressed: boolean; onPress: () => void; title: string; children: React.ReactNode }

const Chip = ({ pressed, onPress, title, children }: ChipProps) => (
  <button
    type="button"
    aria-pressed={pressed}
    title={title}
    onClick={onPress}
    className={cn(
      "focus-ring flex h-7 shrink-0 items-center gap-1 rounded-md border px-1.5 text-sm pointer-coarse:h-10 pointer-coarse:px-2.5",
      pressed ? "border-accent bg-accent-soft text-accent-ink" : "border-line text-soft hover:bg-hover",
    )}
  >
    {children}
  </button>
)
