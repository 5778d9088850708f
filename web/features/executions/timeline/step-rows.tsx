import { useVirtualizer } from "@tanstack/react-virtual"
import { memo, useEffect, useId, useRef, type KeyboardEvent } from "react"
import { factsOf } from "#web/flow/run-facts.ts"
import { splitKey } from "#web/flow/scope-path.ts"
import { stepLook, toneHue } from "#web/flow/status.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import { useMedia } from "#web/ui/use-media.ts"
import { openPlace, useWatch } from "../watch.ts"

const walk: Record<string, (at: number, last: number) => number> = {
  ArrowDown: (at, last) => Math.min(at + 1, last),
  ArrowUp: (at) => Math.max(at - 1, 0),
  j: (at, last) => Math.min(at + 1, last),
  k: (at) => Math.max(at - 1, 0),
  PageDown: (at, last) => Math.min(at + 15, last),
  PageUp: (at) => Math.max(at - 15, 0),
  Home: () => 0,
  End: (_at, last) => last,
}

type StepRowsProps = {
  label: string
  keys: readonly string[]
  /** A row was clicked, or entered by key. */
  onOpen?: (() => void) | undefined
}

/** Any number of steps in a list; keys walk it, and what is chosen opens. */
export function StepRows({ label, keys, onOpen }: StepRowsProps) {
  const watch = useWatch()
  const { selection } = watch
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const height = useMedia("(pointer: coarse)") ? 44 : 28
  const chosen = openPlace(watch)
  const at = chosen === null ? -1 : keys.indexOf(chosen)
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 16,
  })
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
    // Only a choice moves the list; rows that arrive do not.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen])
  const open = (key: string) => {
    const { node_id, scope } = splitKey(key)
    selection.select(node_id, scope)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const step = walk[event.key]
    if (event.key === "Escape") selection.leave()
    else if (event.key === "Enter" && at >= 0) onOpen?.()
    else if (step) open(keys[step(at, keys.length - 1)]!)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={at < 0 ? undefined : `${id}-${keys[at]}`}
      onKeyDown={onKeyDown}
      className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain"
    >
      <div role="none" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const key = keys[item.index]!
          return (
            <StepRow
              key={key}
              id={`${id}-${key}`}
              step={key}
              place={item.index + 1}
              of={keys.length}
              selected={item.index === at}
              top={item.start}
              height={height}
              onSelect={() => {
                open(key)
                onOpen?.()
              }}
            />
          )
        })}
      </div>
    </div>
  )
}

type StepRowProps = {
  id: string
  step: string
  place: number
  of: number
  selected: boolean
  top: number
  height: number
  onSelect: () => void
}

/** One step: how it stands, its name, where it stands, what it took. It listens to its own step only. */
const StepRow = memo(
  function StepRow({ id, step, place, of, selected, top, height, onSelect }: StepRowProps) {
    const { live, flow } = useWatch()
    const run = useLive(live, (one) => one.steps.whole(step))
    const { node_id, scope } = splitKey(step)
    if (!run) return null
    const { icon: Icon, tone, word, turning } = stepLook(run)
    return (
      // Keys are handled by the list.
      // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={selected}
        aria-posinset={place}
        aria-setsize={of}
        onClick={onSelect}
        style={{ position: "absolute", top: 0, insetInline: 0, height, transform: `translateY(${top}px)` }}
        className={cn(
          "flex cursor-default items-center gap-2 px-4 hover:bg-hover",
          selected && "bg-accent-soft hover:bg-accent-soft",
        )}
      >
        <Icon aria-hidden className={cn("size-3.5 shrink-0", toneHue[tone], turning && "animate-spin")} />
        <span className="shrink-0 truncate font-medium">
          {flow.title(node_id, scope)}
          <span className="sr-only">, {word.toLowerCase()}</span>
        </span>
        {scope !== "" && <span className="tabular shrink-0 text-sm text-muted">{flow.place(scope)}</span>}
        {run.error && run.status !== "succeeded" && (
          <span className="min-w-0 truncate text-sm text-muted">{run.error.message}</span>
        )}
        <span className="tabular ml-auto shrink-0 pl-2 text-sm text-muted">{factsOf(run)}</span>
      </div>
    )
  },
  (one, other) =>
    one.step === other.step &&
    one.selected === other.selected &&
    one.top === other.top &&
    one.height === other.height &&
    one.of === other.of,
)
