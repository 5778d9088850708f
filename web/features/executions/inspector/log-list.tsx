import { Quiet } from "#web/flow/step-output.tsx"
import type { PrintedLine } from "#web/flow/log-lines.ts"
import { LogView } from "#web/flow/log-view.tsx"
import { useLive } from "#web/flow/use-execution.ts"
import type { Part } from "../model/journal.ts"
import { useWatch } from "../watch.ts"

type LogListProps = {
  part: Part
  /** Its lines so far; another list of the same object has grown. */
  lines: readonly PrintedLine[]
}

/** What programs printed, and what steps said about themselves, line by line. */
export function LogList({ part, lines }: LogListProps) {
  const { live, flow, selection } = useWatch()
  const settled = useLive(live, (one) => one.isSettled) ?? true
  useLive(live, (one) => one.version)
  if (lines.length === 0) {
    return (
      <div className="px-4 py-3">
        <Quiet>
          {!settled
            ? "Nothing is written yet."
            : part.step === null
              ? "No step has written a log line."
              : "The step has written no log line."}
        </Quiet>
      </div>
    )
  }
  const stepOf = ({ node_id: id, scope }: PrintedLine) => (
    <button
      type="button"
      onClick={() => selection.select(id, scope)}
      className="focus-ring max-w-40 shrink-0 truncate rounded-sm text-muted hover:underline"
    >
      {[flow.title(id, scope), flow.place(scope)].filter(Boolean).join(" · ")}
    </button>
  )
  return (
    <LogView
      lines={lines}
      began={live.state.started_at ?? live.state.created_at}
      label="Log"
      stepOf={part.step === null ? stepOf : undefined}
      className="py-1.5"
    />
  )
}
