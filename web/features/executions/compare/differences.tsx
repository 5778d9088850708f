import { Link } from "@tanstack/react-router"
import { ExternalLink } from "lucide-react"
import type { StepDifference } from "#core/contract/debugging"
import { formatMicros } from "#core/money"
import { NodeStatusMark } from "#web/flow/status.tsx"
import { Quiet } from "#web/flow/step-output.tsx"
import { Button } from "#web/ui/button.tsx"
import { sayDuration } from "#web/ui/relative-time.tsx"
import type { ComparedRow, Diff } from "../model/comparison.ts"
import { changeLook } from "./compared-rows.tsx"
import { ValueDiff } from "#web/ui/value-diff.tsx"

/** As many as the server names of one step. */
const mostNamed = 100

type DifferencesProps = { row: ComparedRow; diff: Diff; titleOf: (step: StepDifference) => string }

/** Everything that differs in one step, or in the executions as a whole. */
export function Differences({ row, diff, titleOf }: DifferencesProps) {
  const step = row.is === "step" ? row.step : null
  const differences = step?.differences ?? diff.differences
  return (
    <section
      aria-label="Differences"
      // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className="focus-ring-inset min-h-0 min-w-0 flex-1 overflow-y-auto px-5 py-4"
    >
      <h2 className="text-md font-semibold">{step ? titleOf(step) : "Inputs and outputs"}</h2>
      {step && <StepSides step={step} diff={diff} />}
      <div className="mt-4 flex flex-col gap-5">
        {differences.map(({ path, left, right }) => (
          <ValueDiff key={path} path={path} left={left} right={right} />
        ))}
        {differences.length >= mostNamed && (
          <Quiet>There may be more: the first {mostNamed} differences are listed.</Quiet>
        )}
        {differences.length === 0 && <Quiet>{sayNone(step)}</Quiet>}
      </div>
    </section>
  )
}

function sayNone(step: StepDifference | null): string {
  if (step?.change === "only_left") return "The right execution did not come here."
  if (step?.change === "only_right") return "The left execution did not come here."
  return step ? "Both gave the same." : "Both were given the same and came to the same."
}

function StepSides({ step, diff }: { step: StepDifference; diff: Diff }) {
  return (
    <div className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 border-b pb-3 max-md:grid-cols-1">
      <StepSide name="Left" side={step.left} step={step} executionId={diff.left.id} />
      <StepSide name="Right" side={step.right} step={step} executionId={diff.right.id} />
    </div>
  )
}

type StepSideProps = { name: string; side: StepDifference["left"]; step: StepDifference; executionId: string }

function StepSide({ name, side, step, executionId }: StepSideProps) {
  if (side === null) {
    return (
      <p className="flex min-h-7 items-center gap-2 text-muted">
        <span className="w-10 text-sm">{name}</span>
        {changeLook[step.change].word}
      </p>
    )
  }
  return (
    <p className="flex min-h-7 min-w-0 flex-wrap items-center gap-x-3">
      <span className="w-10 text-sm text-muted">{name}</span>
      <NodeStatusMark status={side.status} />
      {side.duration_ms !== null && (
        <span className="tabular text-soft">{sayDuration(side.duration_ms)}</span>
      )}
      {side.cost_micros > 0 && <span className="tabular text-soft">{formatMicros(side.cost_micros)}</span>}
      <Button asChild tone="ghost" size="xs">
        <Link
          to="/executions/$executionId"
          params={{ executionId }}
          search={{ node: step.node_id, scope: step.scope || undefined }}
        >
          <ExternalLink aria-hidden className="size-3" />
          Open
        </Link>
      </Button>
    </p>
  )
}
