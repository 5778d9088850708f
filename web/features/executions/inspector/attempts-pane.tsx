import { CircleAlert, CircleCheck, Hourglass, LoaderCircle, RotateCw, type LucideIcon } from "lucide-react"
import { Countdown } from "#web/flow/countdown.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import type { Attempt } from "../model/attempts.ts"
import { Pane } from "./pane.tsx"

const looks: Record<Attempt["outcome"], { icon: LucideIcon; hue: string; word: string; turning?: boolean }> =
  {
    running: { icon: LoaderCircle, hue: "text-running", word: "Under way", turning: true },
    waiting: { icon: Hourglass, hue: "text-waiting", word: "Waiting" },
    succeeded: { icon: CircleCheck, hue: "text-succeeded", word: "Succeeded" },
    failed: { icon: CircleAlert, hue: "text-failed", word: "Failed" },
    retrying: { icon: RotateCw, hue: "text-waiting", word: "Failed, tried again" },
    interrupted: { icon: CircleAlert, hue: "text-attention", word: "Interrupted" },
    skipped: { icon: CircleCheck, hue: "text-muted", word: "Skipped" },
  }

/** Each try at a step: how it ended, why, and how long the next one waited. */
export const AttemptsPane = ({ attempts }: { attempts: readonly Attempt[] }) => (
  <Pane>
    <ol className="flex flex-col gap-3">
      {attempts.map((attempt, i) => (
        <li key={attempt.number} className="flex gap-2.5">
          <AttemptLine attempt={attempt} next={attempts[i + 1]} />
        </li>
      ))}
    </ol>
  </Pane>
)

function AttemptLine({ attempt, next }: { attempt: Attempt; next: Attempt | undefined }) {
  const { icon: Icon, hue, word, turning } = looks[attempt.outcome]
  const took = between(attempt.began, attempt.ended)
  const waited = between(attempt.ended, next?.began)
  return (
    <>
      <Icon aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${hue} ${turning ? "animate-spin" : ""}`} />
      <div className="min-w-0 flex-1">
        <p className="flex items-baseline gap-2">
          <span className="font-medium">Attempt {attempt.number}</span>
          <span>{word}</span>
          {took !== null && <span className="tabular text-sm text-muted">{sayDuration(took)}</span>}
        </p>
        {attempt.error && (
          <p className="break-words">
            {attempt.error.message} <span className="font-mono text-xs text-muted">{attempt.error.code}</span>
          </p>
        )}
        {attempt.next !== undefined && (
          <p className="text-sm text-muted">
            {waited === null ? (
              <>
                Next attempt in <Countdown due={attempt.next} over="a moment" />
              </>
            ) : (
              `Waited ${sayDuration(waited)} before the next attempt`
            )}
          </p>
        )}
      </div>
    </>
  )
}

const between = (from: string | undefined, to: string | undefined): number | null =>
  from === undefined || to === undefined ? null : Math.max(0, Date.parse(to) - Date.parse(from))
