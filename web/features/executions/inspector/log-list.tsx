import { useVirtualizer } from "@tanstack/react-virtual"
import { CircleAlert, Info, TriangleAlert } from "lucide-react"
import { useRef } from "react"
import type { LogLine } from "#core/execution/state"
import { Quiet } from "#web/flow/step-output.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import type { Part } from "../model/journal.ts"
import { useWatch } from "../watch.ts"
import { sayOffset } from "./say-offset.ts"

const looks = {
  info: { icon: Info, hue: "text-muted", word: "Info" },
  warning: { icon: TriangleAlert, hue: "text-waiting", word: "Warning" },
  error: { icon: CircleAlert, hue: "text-failed", word: "Error" },
} as const

/** What the steps said about themselves. */
export function LogList({ part }: { part: Part }) {
  const { live } = useWatch()
  useLive(live, (one) => one.state.logs.length)
  const logs = live.state.logs.filter((log) => part.has(log.node_id, log.scope))
  const scroller = useRef<HTMLDivElement>(null)
  // The hook answers with one object whose answers change; nothing here is memoised by its identity.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: logs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 22,
    getItemKey: (index) => logs[index]!.seq,
    overscan: 16,
  })
  if (logs.length === 0) {
    return (
      <div className="px-4 py-3">
        <Quiet>
          {part.step === null ? "No step has written a log line." : "The step has written no log line."}
        </Quiet>
      </div>
    )
  }
  return (
    <div
      ref={scroller}
      role="region"
      aria-label="Log"
      // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="focus-ring-inset min-h-0 flex-1 overflow-y-auto py-1"
    >
      <ul className="relative font-mono text-sm" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            className="absolute inset-x-0 top-0 flex items-start gap-2.5 px-4 py-0.5"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <Line log={logs[item.index]!} isOne={part.step !== null} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function Line({ log, isOne }: { log: LogLine; isOne: boolean }) {
  const { live, flow, selection } = useWatch()
  const began = live.state.started_at ?? live.state.created_at
  const { icon: Icon, hue, word } = looks[log.level]
  const scope = log.scope ?? ""
  return (
    <>
      <Icon role="img" aria-label={word} className={`mt-0.5 size-3.5 shrink-0 ${hue}`} />
      <time dateTime={log.at} className="tabular w-20 shrink-0 text-muted">
        {sayOffset(log.at, began)}
      </time>
      {!isOne && (
        <button
          type="button"
          onClick={() => selection.select(log.node_id, scope)}
          className="focus-ring shrink-0 rounded-sm text-muted hover:underline"
        >
          {[flow.title(log.node_id, scope), flow.place(scope)].filter(Boolean).join(" · ")}
        </button>
      )}
      <span className="min-w-0 break-words whitespace-pre-wrap">{log.message}</span>
    </>
  )
}
