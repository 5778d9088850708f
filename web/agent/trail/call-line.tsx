import { ArrowRightLeft, ChevronRight, Wrench } from "lucide-react"
import { useState, type ReactNode } from "react"
import type { ExecutionId } from "#core/ids"
import { isJsonObject } from "#core/json"
import type { ToolCall } from "#core/llm/call"
import { useActors } from "#web/api/choices.ts"
import { Artifacts } from "#web/flow/artifacts.tsx"
import { ApprovalPart } from "#web/flow/approval-part.tsx"
import { factsOf } from "#web/flow/run-facts.ts"
import { nodeStatusLook, toneHue } from "#web/flow/status.tsx"
import { useLive, useWatched } from "#web/flow/use-execution.ts"
import { cn } from "#web/ui/cn.ts"
import { JsonView } from "#web/ui/json-view.tsx"
import {
  askKey,
  brief,
  callStateAt,
  callVersion,
  colleagueKey,
  colleagueOf,
  type CallState,
} from "./trail.ts"

type CallLineProps = {
  call: ToolCall
  /** The scope that the call is made under. */
  path: string
  /** What the colleague did to whom the call hands work. */
  renderTrail: (agent: string) => ReactNode
}

/** One call that an agent asked for: what with, how it stands, and what came back; a colleague's own work stands inside. */
export function CallLine({ call, path, renderTrail }: CallLineProps) {
  const live = useWatched()
  const colleague = colleagueOf(call)
  // The steps of a call change in place; its version says when one of them is another.
  useLive(live, (one) => callVersion(one, path))
  const state: CallState = live ? callStateAt(live, path) : { status: "ready", answer: undefined }
  const [opened, setOpened] = useState<boolean | null>(null)
  // A colleague at work is watched; what a tool answered is asked for.
  const isOpen = opened ?? (colleague !== undefined && state.status === "running")
  const { icon: Icon, tone, turning, word } = nodeStatusLook[state.status]
  return (
    <li className="min-w-0 rounded-md border border-line bg-surface">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpened(!isOpen)}
        className="focus-ring-inset flex min-h-8 w-full min-w-0 items-center gap-2 rounded-md px-2 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden
          className={cn("size-3.5 shrink-0 text-muted transition-transform", isOpen && "rotate-90")}
        />
        <Title call={call} colleague={colleague} />
        <Icon
          role="img"
          aria-label={word}
          className={cn("ml-auto size-3.5 shrink-0", toneHue[tone], turning && "animate-spin")}
        />
      </button>
      {live?.node(askKey(path))?.approval && (
        <Question step={askKey(path)} executionId={live.id as ExecutionId} call={call} isOpen={isOpen} />
      )}
      {isOpen && (
        <div className="flex min-w-0 flex-col gap-2 border-t border-line px-3 py-2">
          {colleague === undefined ? (
            <JsonView value={call.arguments} label="Arguments" open={1} />
          ) : (
            <>
              <HandedOver call={call} />
              <Work agent={colleagueKey(path, colleague)}>{renderTrail(colleagueKey(path, colleague))}</Work>
            </>
          )}
          {state.answer && (colleague === undefined || state.answer.is_error) && (
            <ToolAnswer answer={state.answer} />
          )}
        </div>
      )}
    </li>
  )
}

const Title = ({ call, colleague }: { call: ToolCall; colleague: string | undefined }) =>
  colleague === undefined ? (
    <>
      <Wrench aria-hidden className="size-3.5 shrink-0 text-kind-tool" />
      <span className="max-w-[60%] shrink-0 truncate font-mono text-sm font-medium">{call.name}</span>
      <span className="min-w-0 truncate font-mono text-xs text-muted">{brief(call.arguments)}</span>
    </>
  ) : (
    <>
      <ArrowRightLeft aria-hidden className="size-3.5 shrink-0 text-kind-agent" />
      <span className="min-w-0 truncate">
        Hands work to <span className="font-medium">{colleague}</span>
      </span>
    </>
  )

/** What the colleague was asked to do, and told about it. */
function HandedOver({ call }: { call: ToolCall }) {
  const given = isJsonObject(call.arguments) ? call.arguments : {}
  const { task, context } = given
  return (
    <div className="prose-width min-w-0 break-words whitespace-pre-wrap">
      <p>{typeof task === "string" ? task : brief(call.arguments, 400)}</p>
      {typeof context === "string" && context !== "" && (
        <p className="mt-1 line-clamp-6 text-sm text-muted">{context}</p>
      )}
    </div>
  )
}

function Work({ agent, children }: { agent: string; children: ReactNode }) {
  const run = useLive(useWatched(), (one) => one.steps.whole(agent))
  if (!run || run.status === "skipped") return null
  return (
    <div className="min-w-0 rounded-md bg-sunken p-2.5">
      <p className="tabular mb-2 text-sm text-muted">{factsOf({ ...run, progress: undefined })}</p>
      {children}
    </div>
  )
}

const longAnswer = 1_200

function ToolAnswer({ answer: { content, is_error } }: { answer: NonNullable<CallState["answer"]> }) {
  const [isWhole, setWhole] = useState(false)
  const isCut = content.length > longAnswer && !isWhole
  return (
    <div
      className={cn(
        "min-w-0 rounded-md px-2.5 py-1.5",
        is_error ? "bg-failed-soft text-failed" : "bg-sunken",
      )}
    >
      <p className="max-h-96 overflow-y-auto font-mono text-sm break-words whitespace-pre-wrap">
        {isCut ? `${content.slice(0, longAnswer)}…` : content}
      </p>
      {!is_error && <Artifacts value={content} />}
      {isCut && (
        <button
          type="button"
          onClick={() => setWhole(true)}
          className="focus-ring mt-1 rounded-sm text-sm text-accent-ink hover:underline"
        >
          All {content.length.toLocaleString("en")} characters
        </button>
      )}
    </div>
  )
}

type QuestionProps = { step: string; executionId: ExecutionId; call: ToolCall; isOpen: boolean }

/** A person is asked before the call is made, with what it would be made with, and answers here; afterwards, who said what. */
function Question({ step, executionId, call, isOpen }: QuestionProps) {
  const run = useLive(useWatched(), (one) => one.node(step))
  const actors = useActors()
  const approval = run?.approval
  if (!approval) return null
  if (approval.answer) {
    const { button, actor, form } = approval.answer
    const comment = form?.["comment"]
    return (
      <p className="border-t border-line px-3 py-1.5 text-sm break-words text-muted">
        {button === "allow" ? "Allowed" : "Refused"} by {actors.say(actor)}
        {typeof comment === "string" && comment !== "" && `: ${comment}`}
      </p>
    )
  }
  if (run.status !== "waiting") return null
  return (
    <div className="flex min-w-0 flex-col gap-3 border-t border-line bg-waiting-soft/40 px-3 py-3">
      {!isOpen && <JsonView value={call.arguments} label="Arguments" open={2} />}
      <ApprovalPart executionId={executionId} run={run} approval={approval} brief />
    </div>
  )
}
