import type { NodeState } from "#core/execution/state"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { Quiet, StepErrorNote, StreamedText } from "#web/flow/step-output.tsx"
import { useLive, useWatched } from "#web/flow/use-execution.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { nodeAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { Part } from "./part.tsx"

/** What the watched execution came to; while it goes on, the words that come in. */
export function FlowResult() {
  const live = useWatched()
  const outputs = useLive(live, ({ state }) => state.outputs)
  const error = useLive(live, ({ state }) => state.error)
  const settled = useLive(live, (one) => one.isSettled)
  const { commands } = useEditor()
  if (!live) return null
  return (
    <div className="flex flex-col gap-4 p-3">
      {error && (
        <StepErrorNote
          error={error}
          action={
            error.node_id !== undefined && (
              <Button size="sm" onClick={() => commands.select([error.node_id!])}>
                Show the step
              </Button>
            )
          }
        />
      )}
      {!settled && <Speaking live={live} />}
      {outputs !== undefined && (
        <Part title="Output">
          {typeof outputs === "string" ? (
            <StreamedText text={outputs} streaming={false} />
          ) : (
            <JsonView value={outputs} label="Output" />
          )}
        </Part>
      )}
      {settled && outputs === undefined && !error && <Quiet>It ended without outputs.</Quiet>}
    </div>
  )
}

/** The steps that are under way, with their words as they come. */
function Speaking({ live }: { live: LiveExecution }) {
  useLive(live, (one) => one.version)
  const running = Object.values(live.state.nodes).filter((run) => run.status === "running" && run.text !== "")
  if (running.length === 0) return <Quiet>Under way…</Quiet>
  return running.map((run) => <SpeakingStep key={`${run.scope}/${run.node_id}`} run={run} />)
}

function SpeakingStep({ run }: { run: NodeState }) {
  const node = useAtomValue(nodeAtom(run.node_id))
  return (
    <Part title={node ? titleOf(node) : run.node_id}>
      <StreamedText text={run.text} streaming />
    </Part>
  )
}
