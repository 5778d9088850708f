import { useVirtualizer } from "@tanstack/react-virtual"
import { Equal, Minus, PencilLine, Plus, type LucideIcon } from "lucide-react"
import { useEffect, useId, useRef, type KeyboardEvent } from "react"
import type { StepDifference } from "#core/contract/debugging"
import { cn } from "#web/ui/cn.ts"
import { Kbd } from "#web/ui/kbd.tsx"
import { useMedia } from "#web/ui/use-media.ts"
import { changeOfRow, keyOfRow, nextDifference, type ComparedRow } from "../model/comparison.ts"

export const changeLook: Record<StepDifference["change"], { icon: LucideIcon; word: string; hue: string }> = {
  same: { icon: Equal, word: "the same", hue: "text-muted" },
  changed: { icon: PencilLine, word: "changed", hue: "text-waiting" },
  only_left: { icon: Minus, word: "only at the left", hue: "text-failed" },
  only_right: { icon: Plus, word: "only at the right", hue: "text-succeeded" },
}

type ComparedRowsProps = {
  rows: readonly ComparedRow[]
  at: number
  titleOf: (step: StepDifference) => string
  placeOf: (scope: string) => string
  onSelect: (at: number) => void
  className?: string
}

/** The whole and every step that either did, aligned by what they are. */
export function ComparedRows({ rows, at, titleOf, placeOf, onSelect, className }: ComparedRowsProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const height = useMedia("(pointer: coarse)") ? 44 : 32
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  })
  useEffect(() => {
    virtual.scrollToIndex(at)
    // Only a choice moves the list.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [at])
  const walk: Record<string, () => number> = {
    ArrowDown: () => at + 1,
    j: () => at + 1,
    ArrowUp: () => at - 1,
    k: () => at - 1,
    PageDown: () => at + 15,
    PageUp: () => at - 15,
    Home: () => 0,
    End: () => rows.length - 1,
    n: () => nextDifference(rows, at, 1),
    p: () => nextDifference(rows, at, -1),
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = walk[event.key]?.()
    if (to === undefined) return
    onSelect(Math.max(0, Math.min(rows.length - 1, to)))
    event.preventDefault()
  }
  return (
    <div className={cn("flex min-h-0 flex-col", className)}>
      <div
        ref={scroller}
        role="listbox"
        aria-label="Compared"
        tabIndex={0}
        aria-activedescendant={`${id}-${at}`}
        onKeyDown={onKeyDown}
        className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain"
      >
        <div role="none" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]!
            return (
              <Row
                key={keyOfRow(row)}
                id={`${id}-${item.index}`}
                row={row}
                title={row.is === "whole" ? "Inputs and outputs" : titleOf(row.step)}
                place={row.is === "whole" ? "" : placeOf(row.step.scope)}
                at={item.index + 1}
                of={rows.length}
                isSelected={item.index === at}
                top={item.start}
                height={height}
                onSelect={() => onSelect(item.index)}
              />
            )
          })}
        </div>
      </div>
      <p className="flex shrink-0 items-center gap-1.5 border-t px-4 py-1.5 text-sm text-muted pointer-coarse:hidden">
        <Kbd keys="n" /> next difference <Kbd keys="p" /> the one before
      </p>
    </div>
  )
}

type RowProps = {
  id: string
  row: ComparedRow
  title: string
  place: string
  at: number
  of: number
  isSelected: boolean
  top: number
  height: number
  onSelect: () => void
}

function Row({ id, row, title, place, at, of, isSelected, top, height, onSelect }: RowProps) {
  const change = changeOfRow(row)
  const { icon: Icon, word, hue } = changeLook[change]
  return (
    // Keys are handled by the list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={at}
      aria-setsize={of}
      onClick={onSelect}
      style={{ height, transform: `translateY(${top}px)` }}
      className={cn(
        "absolute inset-x-0 top-0 flex cursor-default items-center gap-2.5 px-4 hover:bg-hover",
        isSelected && "bg-accent-soft hover:bg-accent-soft",
      )}
    >
      <Icon aria-hidden className={cn("size-3.5 shrink-0", hue)} />
      <span className="truncate font-medium">{title}</span>
      {place !== "" && <span className="tabular shrink-0 text-sm text-muted">{place}</span>}
      <span className={cn("ml-auto shrink-0 text-sm", change === "same" ? "sr-only" : "text-muted")}>
        {word}
      </span>
    </div>
  )
}
