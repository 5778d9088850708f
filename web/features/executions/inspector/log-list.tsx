import { CircleAlert, Info, TriangleAlert } from "lucide-react"
import type { LogLine } from "#core/execution/state"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Quiet } from "#web/flow/step-output.tsx"
import { sayOffset } from "./say-offset.ts"

const looks = {
  info: { icon: Info, hue: "text-muted", word: "Info" },
  warning: { icon: TriangleAlert, hue: "text-waiting", word: "Warning" },
  error: { icon: CircleAlert, hue: "text-failed", word: "Error" },
} as const

type LogListProps = { live: LiveExecution; nodeId: string | null; onSelect: (id: string) => void }

/** What the steps said about themselves. */
export function LogList({ live, nodeId, onSelect }: LogListProps) {
  useLive(live, (one) => one.state.logs.length)
  const began = live.state.started_at ?? live.state.created_at
  const logs = nodeId === null ? live.state.logs : live.state.logs.filter((log) => log.node_id === nodeId)
  if (logs.length === 0) {
    return (
      <div className="px-4 py-3">
        <Quiet>No step has written a log line.</Quiet>
      </div>
    )
  }
  return (
    <ul className="min-h-0 flex-1 overflow-y-auto py-1 font-mono text-sm">
      {logs.map((log) => (
        <Line key={log.seq} log={log} began={began} onSelect={nodeId === null ? onSelect : null} />
      ))}
    </ul>
  )
}

function Line({
  log,
  began,
  onSelect,
}: {
  log: LogLine
  began: string | undefined
  onSelect: ((id: string) => void) | null
}) {
  const { icon: Icon, hue, word } = looks[log.level]
  return (
    <li className="flex items-start gap-2.5 px-4 py-0.5">
      <Icon role="img" aria-label={word} className={`mt-0.5 size-3.5 ${hue}`} />
      <time dateTime={log.at} className="tabular w-20 shrink-0 text-muted">
        {sayOffset(log.at, began)}
      </time>
      {onSelect && (
        <button
          type="button"
          onClick={() => onSelect(log.node_id)}
          className="focus-ring shrink-0 rounded-sm text-muted hover:underline"
        >
          {log.node_id}
        </button>
      )}
      <span className="min-w-0 break-words whitespace-pre-wrap">{log.message}</span>
    </li>
  )
}
