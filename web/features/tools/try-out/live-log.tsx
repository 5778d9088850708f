import { memo, useState } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { Quiet } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { useSteadyScroll } from "#web/ui/use-steady-scroll.ts"
import { LogLines, textOf, type PrintedLine } from "./log-lines.ts"

/** What one call prints and says, as it comes; a reader who has scrolled up stays where they are. */
export function LiveLog({ live }: { live: LiveExecution }) {
  const [lines] = useState(() => new LogLines())
  // Another telling may bring lines.
  useLive(live, (one) => one.events.length)
  const isSettled = useLive(live, (one) => one.isSettled) ?? true
  const { scroller, onScroll } = useSteadyScroll<HTMLDivElement>()
  const blocks = lines.take(live.events)
  const began = Date.parse(live.state.started_at ?? live.state.created_at ?? "") || 0
  return (
    <section aria-label="Log" className="group/log relative flex min-w-0 flex-col gap-1">
      <div className="flex min-h-7 items-center justify-between">
        <h3 className="text-sm font-medium text-muted">Log</h3>
        {blocks.length > 0 && <CopyButton text={() => textOf(blocks)} label="Copy the log" />}
      </div>
      {blocks.length === 0 ? (
        <Quiet>{isSettled ? "It printed nothing." : "Nothing printed yet."}</Quiet>
      ) : (
        <div
          ref={scroller}
          onScroll={onScroll}
          // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="region"
          aria-label="What it printed"
          className="focus-ring-inset max-h-96 overflow-y-auto overscroll-contain rounded-md border border-line bg-sunken py-1.5 font-mono text-sm"
        >
          {blocks.map((block, i) => (
            <Block key={i} lines={block} began={began} />
          ))}
        </div>
      )}
    </section>
  )
}

const Block = memo(function Block({ lines, began }: { lines: readonly PrintedLine[]; began: number }) {
  return (
    <div className="[contain-intrinsic-size:auto_120rem] [content-visibility:auto]">
      {lines.map((line) => (
        <Line key={line.id} line={line} began={began} />
      ))}
    </div>
  )
})

const Line = memo(function Line({ line: { from, at, text }, began }: { line: PrintedLine; began: number }) {
  return (
    <div
      className={cn(
        "flex min-h-5 items-start gap-3 border-l-2 border-transparent pr-2.5 pl-2 leading-5",
        from === "stderr" && "border-failed text-failed",
        from === "step" && "text-muted",
      )}
    >
      <span aria-hidden className="tabular w-14 shrink-0 text-right text-muted select-none">
        {sayAfter(Date.parse(at) - began)}
      </span>
      {from === "stderr" && <span className="sr-only">Error output: </span>}
      <span className="min-w-0 break-words whitespace-pre-wrap">{text}</span>
    </div>
  )
})

/** "+0.42 s" after the call began. */
const sayAfter = (ms: number): string => `+${(Math.max(0, ms) / 1000).toFixed(ms < 100_000 ? 2 : 0)} s`
