import { ChevronRight, CircleAlert, TriangleAlert } from "lucide-react"
import { memo, useState, type ReactNode } from "react"
import type { Json } from "#core/json"
import { OutputView } from "#web/flow/artifacts.tsx"
import { factsOf } from "#web/flow/run-facts.ts"
import { stepLook, toneHue } from "#web/flow/status.tsx"
import { StepErrorNote } from "#web/flow/step-output.tsx"
import { useLive, useWatched } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { GrowingText } from "#web/ui/growing-text.tsx"
import { Markdown } from "#web/ui/markdown.tsx"
import { useSmoothText } from "#web/ui/use-smooth-text.ts"
import { CallLine } from "./call-line.tsx"
import { adviceOn } from "./early-end.tsx"
import { callPath, thoughtKey, thoughtOf } from "./trail.ts"

type AgentTrailProps = {
  /** The key of the agent's step. */
  agent: string
  /** Opens a step elsewhere on the page, such as in the waterfall. */
  onOpen?: ((key: string) => void) | undefined
}

/** What an agent did, turn by turn: what it thought, whom and what it called, and what it answered in the end. */
export const AgentTrail = memo(function AgentTrail({ agent, onOpen }: AgentTrailProps) {
  const live = useWatched()
  const turns = useLive(live, (one) => one.steps.scopesOf(agent).size) ?? 0
  const error = useLive(live, (one) =>
    one.node(agent)?.status === "failed" ? one.node(agent)?.error : undefined,
  )
  return (
    <ol className="flex min-w-0 flex-col gap-3">
      {Array.from({ length: turns }, (_, index) => (
        <Turn key={index} turn={`${agent}[${index}]`} index={index} onOpen={onOpen} />
      ))}
      {error && (
        <li>
          <StepErrorNote error={error} />
        </li>
      )}
    </ol>
  )
})

type TurnProps = { turn: string; index: number; onOpen: AgentTrailProps["onOpen"] }

const Turn = memo(function Turn({ turn, index, onOpen }: TurnProps) {
  const key = thoughtKey(turn)
  const run = useLive(useWatched(), (one) => one.steps.whole(key))
  if (!run) return null
  const { text, calls, answer, fault, ended } = thoughtOf(run)
  const renderTrail = (colleague: string) => <AgentTrail agent={colleague} onOpen={onOpen} />
  const { icon: Icon, tone, turning, word } = stepLook(run)
  const isThinking = run.status === "running"
  return (
    <li className="min-w-0">
      <div className="tabular flex min-w-0 items-center gap-2 text-sm text-muted">
        <Icon
          role="img"
          aria-label={word}
          className={cn("size-3.5 shrink-0", toneHue[tone], turning && "animate-spin")}
        />
        {onOpen ? (
          <button
            type="button"
            onClick={() => onOpen(key)}
            className="focus-ring shrink-0 rounded-sm font-medium text-soft hover:underline"
          >
            Turn {index + 1}
          </button>
        ) : (
          <span className="shrink-0 font-medium text-soft">Turn {index + 1}</span>
        )}
        {run.model !== undefined && <span className="min-w-0 truncate font-mono text-xs">{run.model}</span>}
        <span className="ml-auto shrink-0">{factsOf(run)}</span>
      </div>
      <div className="mt-1 ml-[0.4375rem] flex min-w-0 flex-col gap-2 border-l border-line pl-4">
        {answer === undefined && (text !== "" || isThinking) && (
          <Thinking text={text} isThinking={isThinking} />
        )}
        {calls.length > 0 && (
          <ul aria-label={`Calls of turn ${index + 1}`} className="flex min-w-0 flex-col gap-1.5">
            {calls.map((call, i) => (
              <CallLine key={call.id ?? i} call={call} path={callPath(turn, i)} renderTrail={renderTrail} />
            ))}
          </ul>
        )}
        {ended && (
          <Note icon={TriangleAlert}>
            {adviceOn[ended].say} {adviceOn[ended].advice}
          </Note>
        )}
        {fault !== undefined && <Note icon={CircleAlert}>Sent back to be mended: {fault}</Note>}
        {run.error && run.status === "failed" && <StepErrorNote error={run.error} />}
        {answer !== undefined && <Answer value={answer} />}
      </div>
    </li>
  )
})

const Note = ({ icon: Icon, children }: { icon: typeof CircleAlert; children: ReactNode }) => (
  <p className="flex items-start gap-1.5 text-sm text-waiting">
    <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
    <span className="min-w-0 break-words">{children}</span>
  </p>
)

/** Words as they come, at an even pace. */
function Thinking({ text, isThinking }: { text: string; isThinking: boolean }) {
  const shown = useSmoothText(text, isThinking)
  return (
    <div aria-busy={isThinking} className="prose-width min-w-0 break-words text-soft">
      {isThinking ? (
        <p className="whitespace-pre-wrap">
          {shown === "" && <span className="text-muted">Thinking…</span>}
          <GrowingText text={shown}>
            <span
              aria-hidden
              className="ml-px inline-block h-3.5 w-[2px] translate-y-0.5 animate-pulse bg-running"
            />
          </GrowingText>
        </p>
      ) : (
        <Markdown text={text} />
      )}
    </div>
  )
}

function Answer({ value }: { value: Json }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2)
  return (
    <section
      aria-label="Answer"
      className="group/answer relative min-w-0 rounded-md border border-line bg-surface px-3 py-2 pointer-coarse:pr-12"
    >
      <div className="absolute top-1 right-1 z-10 opacity-0 group-hover/answer:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100">
        <CopyButton text={text} label="Copy the answer" className="bg-surface" />
      </div>
      {typeof value === "string" ? (
        <Markdown text={value} className="prose-width" />
      ) : (
        <OutputView value={value} label="Answer" />
      )}
    </section>
  )
}

type FoldProps = { title: ReactNode; startsOpen: boolean; label: string; children: ReactNode }

/** An agent among several, under its name. */
export function Fold({ title, startsOpen, label, children }: FoldProps) {
  const [isOpen, setOpen] = useState(startsOpen)
  return (
    <section aria-label={label} className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="focus-ring flex w-full min-w-0 items-center gap-2 rounded-sm py-1 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn("size-3.5 shrink-0 text-muted transition-transform", isOpen && "rotate-90")}
        />
        {title}
      </button>
      {isOpen && <div className="mt-1.5 min-w-0 pl-1">{children}</div>}
    </section>
  )
}
