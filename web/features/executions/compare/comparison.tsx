import { Link, useNavigate, useSearch } from "@tanstack/react-router"
import { ArrowLeftRight, Equal, SearchX } from "lucide-react"
import { useMemo, useState } from "react"
import type { StepDifference } from "#core/contract/debugging"
import { Button } from "#web/ui/button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { comparedRows, countChanges, keyOfRow, nextDifference, type Diff } from "../model/comparison.ts"
import type { DrawnFlow } from "../model/drawn-flow.ts"
import { ComparedRows } from "./compared-rows.tsx"
import { Differences } from "./differences.tsx"
import { Sides } from "./sides.tsx"

/** Both executions at the top; under them what was compared, and what differs in what is chosen. */
export function Comparison({ diff, flow }: { diff: Diff; flow: DrawnFlow | undefined }) {
  const wide = useWide()
  const { only = false, step } = useSearch({
    from: "/shell/inside/executions/$executionId/compare/$otherId",
  })
  const navigate = useNavigate({ from: "/executions/$executionId/compare/$otherId" })
  const set = (change: { only?: true | undefined; step?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
  const [words, setWords] = useState("")
  const counts = useMemo(() => countChanges(diff.steps), [diff])
  const titleOf = useMemo(() => titles(flow), [flow])
  const rows = useMemo(
    () => comparedRows(diff.steps, diff.differences, { only, words, titleOf }),
    [diff, only, words, titleOf],
  )
  const isEqual = diff.differences.length === 0 && counts.same === diff.steps.length
  // What was chosen stays chosen where it is listed; else the first that differs.
  const named = step === undefined ? -1 : rows.findIndex((row) => keyOfRow(row) === step)
  const at = named >= 0 ? named : Math.max(0, nextDifference(rows, -1, 1))
  const row = rows[at]
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Sides diff={diff} />
      <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1.5 border-b px-4 py-1.5">
        <SearchInput label="Search steps" value={words} onChange={setWords} className="w-52" />
        <CheckboxLine
          label="Only differences"
          checked={only}
          onCheckedChange={(on) => set({ only: on || undefined })}
          className="items-center"
        />
        <p role="status" className="tabular text-sm text-muted">
          {sayTotals(counts)}
        </p>
        <Button asChild size="sm" className="ml-auto">
          <Link
            to="/executions/$executionId/compare/$otherId"
            params={{ executionId: diff.right.id, otherId: diff.left.id }}
            search={(before) => before}
            replace
          >
            <ArrowLeftRight aria-hidden className="size-3.5" />
            Swap
          </Link>
        </Button>
      </div>
      {rows.length === 0 ? (
        <Nothing
          isEqual={isEqual || words === ""}
          onShowAll={() => (setWords(""), set({ only: undefined }))}
        />
      ) : (
        <div className={wide ? "flex min-h-0 flex-1" : "flex min-h-0 flex-1 flex-col"}>
          <ComparedRows
            rows={rows}
            at={at}
            titleOf={titleOf}
            placeOf={(scope) => flow?.place(scope) ?? scope}
            onSelect={(next) => set({ step: keyOfRow(rows[next]!) })}
            className={wide ? "w-[26rem] shrink-0 border-r" : "h-56 shrink-0 border-b"}
          />
          {row && <Differences row={row} diff={diff} titleOf={titleOf} />}
        </div>
      )}
    </div>
  )
}

const titles =
  (flow: DrawnFlow | undefined) =>
  ({ node_id, scope }: StepDifference): string =>
    flow?.title(node_id, scope) ?? node_id

function sayTotals({ same, changed, only_left, only_right }: ReturnType<typeof countChanges>): string {
  const say = (count: number, word: string) => count > 0 && `${count.toLocaleString("en")} ${word}`
  return [
    say(changed, "changed"),
    say(only_left, "only at the left"),
    say(only_right, "only at the right"),
    say(same, "the same"),
  ]
    .filter(Boolean)
    .join(", ")
}

const Nothing = ({ isEqual, onShowAll }: { isEqual: boolean; onShowAll: () => void }) => (
  <EmptyState
    icon={isEqual ? Equal : SearchX}
    title={isEqual ? "Nothing differs" : "No step matches"}
    className="my-auto"
    action={<Button onClick={onShowAll}>Show all steps</Button>}
  >
    {isEqual && "Both executions did the same steps with the same results."}
  </EmptyState>
)
