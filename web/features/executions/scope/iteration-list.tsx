import { useVirtualizer } from "@tanstack/react-virtual"
import { Layers } from "lucide-react"
import { useDeferredValue, useId, useMemo, useRef, useState, type KeyboardEvent } from "react"
import { nodeStatusLook, toneHue } from "#web/flow/status.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import { SearchInput } from "#web/ui/input.tsx"
import { iterationAt, type Holder, type Iteration } from "../model/iterations.ts"
import { useWatch } from "../watch.ts"

type IterationListProps = {
  holder: Holder
  opened: number
  /** Null: all of them together. */
  onChoose: (path: string | null) => void
}

const rowHeight = 28

/** The iterations of a map or loop, to choose one by its number, its item or how it stands. */
export function IterationList({ holder, opened, onChoose }: IterationListProps) {
  const [words, setWords] = useState("")
  const found = useFound(holder, words, opened)
  const id = useId()
  const { at, go, scroller, virtual } = useAim(found, holder.chosen)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") go(at + 1)
    else if (event.key === "ArrowUp") go(at - 1)
    else if (event.key === "PageDown") go(at + 8)
    else if (event.key === "PageUp") go(at - 8)
    else if (event.key === "Enter" && found.length > 0) onChoose(found[at]?.path ?? null)
    else return
    event.preventDefault()
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="border-b p-2">
        <SearchInput
          label="Number, item or status"
          autoFocus
          value={words}
          onChange={(next) => {
            setWords(next)
            go(0)
          }}
          onKeyDown={onKeyDown}
          className="w-full"
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
        />
      </div>
      <div
        ref={scroller}
        id={id}
        role="listbox"
        aria-label="Iterations"
        tabIndex={-1}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain py-1"
      >
        <div role="none" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <Row
              key={item.key}
              id={`${id}-${item.index}`}
              iteration={found[item.index]}
              isAimed={item.index === at}
              isChosen={found[item.index]?.path === holder.chosen}
              top={item.start}
              onPick={() => onChoose(found[item.index]?.path ?? null)}
            />
          ))}
        </div>
        {found.length === 0 && <p className="px-3 py-2 text-muted">None matches.</p>}
      </div>
    </div>
  )
}

function useFound(holder: Holder, words: string, opened: number): (Iteration | undefined)[] {
  const { live } = useWatch()
  const version = useDeferredValue(useLive(live, (one) => one.version))
  return useMemo(
    () => findIterations(words, opened, (index) => iterationAt(live.state, holder.key, index)),
    // The state changes in place; its version says when.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [live, holder.key, words, opened, version],
  )
}

/** Which row the keys have come to, from the one that is chosen on. */
function useAim(found: readonly (Iteration | undefined)[], chosen: string | undefined) {
  const chosenAt = found.findIndex((one) => one?.path === chosen)
  const [moved, setMoved] = useState<number | null>(null)
  const at = Math.min(moved ?? Math.max(0, chosenAt), found.length - 1)
  const scroller = useRef<HTMLDivElement>(null)
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    initialOffset: Math.max(0, chosenAt - 3) * rowHeight,
    overscan: 8,
  })
  const go = (to: number) => {
    const next = Math.max(0, Math.min(found.length - 1, to))
    setMoved(next)
    virtual.scrollToIndex(next)
  }
  return { at, go, scroller, virtual }
}

/** All of them first, as `undefined`; then those that fit the words. */
function findIterations(
  words: string,
  opened: number,
  at: (index: number) => Iteration | undefined,
): (Iteration | undefined)[] {
  const wanted = words.trim().toLowerCase()
  const found: (Iteration | undefined)[] = wanted === "" ? [undefined] : []
  for (let index = 0; index < opened; index++) {
    const one = at(index)
    if (!one) continue
    const fits =
      wanted === "" ||
      String(index + 1).startsWith(wanted) ||
      one.preview.toLowerCase().includes(wanted) ||
      one.status.includes(wanted)
    if (fits) found.push(one)
  }
  return found
}

type RowProps = {
  id: string
  iteration: Iteration | undefined
  isAimed: boolean
  isChosen: boolean
  top: number
  onPick: () => void
}

function Row({ id, iteration, isAimed, isChosen, top, onPick }: RowProps) {
  const look = iteration && nodeStatusLook[iteration.status]
  const Icon = look?.icon ?? Layers
  return (
    // Keys are handled by the list.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      onClick={onPick}
      style={{ height: rowHeight, transform: `translateY(${top}px)` }}
      className={cn(
        "absolute inset-x-1 top-0 flex cursor-default items-center gap-2 rounded-sm px-2 hover:bg-hover",
        isAimed && "bg-hover",
        isChosen && "text-accent-ink",
      )}
    >
      <Icon
        aria-hidden
        className={cn(
          "size-3.5 shrink-0",
          look ? toneHue[look.tone] : "text-muted",
          look?.turning && "animate-spin",
        )}
      />
      {iteration ? (
        <>
          <span className="tabular w-10 shrink-0">{(iteration.index + 1).toLocaleString("en")}</span>
          <span className="min-w-0 truncate text-sm text-muted">{iteration.preview}</span>
          <span className="sr-only">, {look?.word.toLowerCase()}</span>
        </>
      ) : (
        "All together"
      )}
    </div>
  )
}
