import { useVirtualizer } from "@tanstack/react-virtual"
import { ArrowDown, CircleAlert, TriangleAlert } from "lucide-react"
import { memo, useRef, type ReactNode } from "react"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { useTail } from "#web/ui/use-tail.ts"
import type { PrintedLine } from "./log-lines.ts"

type LogViewProps = {
  lines: readonly PrintedLine[]
  /** When time began to count, ISO 8601. */
  began: string | undefined
  label: string
  /** Says which step a line is of, where the log is that of several. */
  stepOf?: ((line: PrintedLine) => ReactNode) | undefined
  className?: string
}

const lineHeight = 20

/** Any number of lines; follows the end until the reader scrolls up. */
export function LogView({ lines, began, label, stepOf, className }: LogViewProps) {
  const { length } = lines
  const scroller = useRef<HTMLDivElement>(null)
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    overscan: 24,
  })
  const { onScroll, isFollowing, toEnd } = useTail(scroller)
  const since = Date.parse(began ?? "") || 0
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        onScroll={onScroll}
        role="region"
        aria-label={label}
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className={cn(
          "focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain font-mono text-sm",
          className,
        )}
      >
        <ul className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-posinset={item.index + 1}
              aria-setsize={length}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Line line={lines[item.index]!} since={since} stepOf={stepOf} />
            </li>
          ))}
        </ul>
      </div>
      {!isFollowing && (
        <Button size="sm" className="absolute right-4 bottom-3 shadow-float" onClick={toEnd}>
          <ArrowDown aria-hidden />
          To the end
        </Button>
      )}
    </div>
  )
}

const marks = {
  info: null,
  warning: { icon: TriangleAlert, hue: "text-waiting", word: "Warning" },
  error: { icon: CircleAlert, hue: "text-failed", word: "Error" },
} as const

type LineProps = { line: PrintedLine; since: number; stepOf: LogViewProps["stepOf"] }

const Line = memo(function Line({ line, since, stepOf }: LineProps) {
  const { from, at, text, level } = line
  // What a program prints to stderr is a warning by its level: the line's own look says so.
  const mark = from === "step" ? marks[level] : null
  return (
    <div
      className={cn(
        "flex min-h-5 items-start gap-3 border-l-2 border-transparent pr-3 pl-2 leading-5",
        from === "stderr" && "border-failed text-failed",
        from === "step" && level === "info" && "text-muted",
      )}
    >
      <time dateTime={at} className="tabular w-16 shrink-0 text-right text-muted select-none">
        {sayAfter(Date.parse(at) - since)}
      </time>
      {stepOf?.(line)}
      {from === "stderr" && <span className="sr-only">Error output: </span>}
      {mark && (
        <mark.icon role="img" aria-label={mark.word} className={cn("mt-0.5 size-3.5 shrink-0", mark.hue)} />
      )}
      <span className="min-w-0 break-words whitespace-pre-wrap">{text}</span>
    </div>
  )
})

/** "+0.42 s" after it began. */
const sayAfter = (ms: number): string => `+${(Math.max(0, ms) / 1000).toFixed(ms < 100_000 ? 2 : 0)} s`
