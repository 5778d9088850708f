import type { LiveExecution } from "./live-execution.ts"
import { Quiet, StreamedText } from "./step-output.tsx"
import { useLive } from "./use-execution.ts"

type SpeakingStepsProps = { live: LiveExecution; titleOf: (nodeId: string) => string }

/** The steps that are under way, with their words as they come. */
export function SpeakingSteps({ live, titleOf }: SpeakingStepsProps) {
  useLive(live, (one) => one.version)
  const running = Object.entries(live.state.nodes).filter(
    ([, run]) => run.status === "running" && run.text !== "",
  )
  if (running.length === 0) return <Quiet>Under way…</Quiet>
  return (
    <div className="flex flex-col gap-4">
      {running.map(([key, run]) => (
        <section key={key} aria-label={titleOf(run.node_id)} className="flex min-w-0 flex-col gap-1.5">
          <h3 className="text-sm font-medium">{titleOf(run.node_id)}</h3>
          <StreamedText text={run.text} streaming label={titleOf(run.node_id)} />
        </section>
      ))}
    </div>
  )
}
