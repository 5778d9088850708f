import { OutputView } from "#web/flow/artifacts.tsx"
import { titleIn } from "#web/flow/node-card.tsx"
import { SpeakingSteps } from "#web/flow/speaking-steps.tsx"
import { Quiet, StepErrorNote, StreamedText } from "#web/flow/step-output.tsx"
import { useLive, useWatched } from "#web/flow/use-execution.ts"
import { useStore } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { draftAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { Part } from "./part.tsx"

/** What the watched execution came to; while it goes on, the words that come in. */
export function FlowResult() {
  const live = useWatched()
  const outputs = useLive(live, ({ state }) => state.outputs)
  const error = useLive(live, ({ state }) => state.error)
  const settled = useLive(live, (one) => one.isSettled)
  const { commands } = useEditor()
  const store = useStore()
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
      {!settled && <SpeakingSteps live={live} titleOf={(id) => titleIn(store.get(draftAtom), id)} />}
      {outputs !== undefined && (
        <Part title="Output">
          {typeof outputs === "string" ? (
            <StreamedText text={outputs} streaming={false} />
          ) : (
            <OutputView value={outputs} label="Output" />
          )}
        </Part>
      )}
      {settled && outputs === undefined && !error && <Quiet>It ended without outputs.</Quiet>}
    </div>
  )
}
