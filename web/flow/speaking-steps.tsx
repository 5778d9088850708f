import type { LiveExecution } from "./live-execution.ts"
import { Quiet, StreamedText } from "./step-output.tsx"
import { useLive } from "./use-execution.ts"

type SpeakingStepsProps = { live: LiveExecution; titleOf: (nodeId: string, scope: string) => string }

/** So many speak at once that can be read. */
const mostHeard = 8

/** The steps that are under way, with their words as they come. */
export function SpeakingSteps({ live, titleOf }: SpeakingStepsProps) {
  useLive(live, (one) => one.version)
  const speaking = speakingOf(live)
  if (speaking.length === 0) return <Quiet>Under way…</Quiet>
  return (
    <div className="flex flex-col gap-4">
      {speaking.slice(0, mostHeard).map((key) => {
        const run = live.node(key)!
        const title = titleOf(run.node_id, run.scope)
        return (
          <section key={key} aria-label={title} className="flex min-w-0 flex-col gap-1.5">
            <h3 className="text-sm font-medium">{title}</h3>
            <StreamedText text={run.text} streaming label={title} />
          </section>
        )
      })}
      {speaking.length > mostHeard && (
        <Quiet>{(speaking.length - mostHeard).toLocaleString("en")} more steps are speaking.</Quiet>
      )}
    </div>
  )
}

function speakingOf({ state }: LiveExecution): string[] {
  const keys: string[] = []
  for (const key in state.nodes) {
    const { status, text } = state.nodes[key]!
    if (status === "running" && text !== "") keys.push(key)
  }
  return keys
}
