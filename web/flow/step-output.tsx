import { CircleAlert } from "lucide-react"
import type { ReactNode } from "react"
import type { StepError } from "#core/execution/event"
import type { NodeState } from "#core/execution/state"
import { CopyButton } from "#web/ui/copy-button.tsx"
import { GrowingText } from "#web/ui/growing-text.tsx"
import { cn } from "#web/ui/cn.ts"
import { useSmoothText } from "#web/ui/use-smooth-text.ts"
import { useSteadyScroll } from "#web/ui/use-steady-scroll.ts"
import { OutputView } from "./artifacts.tsx"
import { adviceFor } from "./error-advice.ts"

/** What a step gives: its text as it streams in, then its value. `fill` lets text take all the room there is. */
export function StepOutput({ run, fill = false }: { run: NodeState; fill?: boolean }) {
  const streaming = run.status === "running"
  if (streaming && run.text === "") return <Quiet>Waiting for the first word…</Quiet>
  if (streaming || (run.output === undefined && run.text !== "")) {
    return <StreamedText text={run.text} streaming={streaming} fill={fill} />
  }
  if (run.output === undefined) return <Quiet>{nothingYet(run)}</Quiet>
  if (typeof run.output === "string") return <StreamedText text={run.output} streaming={false} fill={fill} />
  return <OutputView value={run.output} label="Output" />
}

export const Quiet = ({ children }: { children: ReactNode }) => <p className="py-2 text-muted">{children}</p>

const nothingYet = ({ status }: NodeState): string =>
  status === "skipped"
    ? "Skipped: no route led here in this execution."
    : status === "failed"
      ? "It failed before it gave anything."
      : status === "cancelled"
        ? "Cancelled before it gave anything."
        : status === "retrying"
          ? "Waiting for the next attempt."
          : "Nothing yet."

type StreamedTextProps = { text: string; streaming: boolean; fill?: boolean; label?: string }

/** Text that grows at its end; the reader who has scrolled up stays where they are. */
export function StreamedText({ text, streaming, fill = false, label = "Output" }: StreamedTextProps) {
  const shown = useSmoothText(text, streaming)
  const { scroller, onScroll } = useSteadyScroll<HTMLDivElement>()
  return (
    <div className="group/text relative flex min-h-0 flex-col">
      <div className="absolute top-0 right-0 z-10 opacity-0 group-hover/text:opacity-100 focus-within:opacity-100 pointer-coarse:opacity-100">
        <CopyButton text={text} label="Copy the text" className="bg-surface" />
      </div>
      <div
        ref={scroller}
        onScroll={onScroll}
        // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={label}
        aria-busy={streaming}
        className={cn(
          "focus-ring-inset min-h-0 overflow-y-auto overscroll-contain rounded-sm leading-5 break-words whitespace-pre-wrap",
          !fill && "max-h-96",
        )}
      >
        <p className="prose-width">
          {streaming ? (
            <GrowingText text={shown}>
              <span
                aria-hidden
                className="ml-px inline-block h-3.5 w-[2px] translate-y-0.5 animate-pulse bg-running"
              />
            </GrowingText>
          ) : (
            shown
          )}
        </p>
      </div>
    </div>
  )
}

type StepErrorNoteProps = {
  error: StepError
  /** What to do, where the place knows better than the code alone says. */
  advice?: string | undefined
  action?: ReactNode
}

/** An error in words, with what to do about it. */
export function StepErrorNote({ error, advice, action }: StepErrorNoteProps) {
  return (
    <div role="alert" className="flex gap-2 rounded-md bg-failed-soft px-3 py-2.5 text-failed">
      <CircleAlert aria-hidden className="mt-0.5" />
      <div className="min-w-0 flex-1 break-words">
        <p className="font-medium">{error.message}</p>
        <p className="mt-0.5 text-ink">{advice ?? adviceFor(error.code).say}</p>
        <p className="mt-1 font-mono text-xs">{error.code}</p>
        {action && <div className="mt-2">{action}</div>}
      </div>
    </div>
  )
}
