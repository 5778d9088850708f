import { useQuery } from "@tanstack/react-query"
import { Coins } from "lucide-react"
import { spends, type Estimate, type Gap } from "#core/flow/estimate"
import type { FlowNode } from "#core/flow/graph"
import { formatMicros } from "#core/money"
import { titleIn } from "#web/flow/node-card.tsx"
import { Skeleton } from "#web/ui/skeleton.tsx"
import { estimateQuery } from "./queries.ts"

/** What an execution of the draft may cost, and what of it is not known. Nothing where no model is asked. */
export function CostNote({ flowId, nodes }: { flowId: string; nodes: FlowNode[] }) {
  const mayCost = nodes.some(({ type }) => spends(type) !== undefined)
  const asked = useQuery({ ...estimateQuery(flowId), enabled: mayCost })
  if (!mayCost) return null
  if (asked.isError) return <p className="text-sm text-muted">What it costs could not be estimated.</p>
  if (!asked.data) return <Skeleton className="w-2/3" />
  const { estimate, executions } = asked.data
  if (estimate.nodes.length === 0) return null
  const gaps = sayGaps(estimate, (id) => titleIn({ nodes }, id))
  return (
    <section aria-label="Cost" className="flex items-start gap-2 text-sm text-soft">
      <Coins aria-hidden className="mt-0.5 size-3.5 shrink-0 text-muted" />
      <div className="min-w-0">
        <p className="tabular">{sayCost(estimate, executions)}</p>
        {gaps.length > 0 && (
          <ul className="mt-1 flex flex-col gap-1 text-muted">
            {gaps.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
      </div>
    </section>
  )
}

/** One sentence: what it likely costs, and how far it went before. */
export function sayCost({ least, likely, most, nodes }: Estimate, executions: number): string {
  if (most === 0 && nodes.every(({ gaps }) => gaps.length === 0)) return "Its models cost nothing."
  const about = `About ${formatMicros(likely)} an execution`
  if (executions === 0) return `${about}, by what is written in it.`
  const last = executions === 1 ? "the last execution" : `the last ${executions} executions`
  if (most === null) return `${about}, by ${last} and what is written in new nodes.`
  if (least === most) return `${about}, by ${last}.`
  return `${about}, from ${formatMicros(least)} to ${formatMicros(most)} by ${last}.`
}

/** The gap that says most of a node comes first; a node is named once. */
const weights: readonly Gap[] = ["not_counted", "no_price", "repeats", "never_ran"]

const says: Record<Gap, (names: string, one: boolean) => string> = {
  not_counted: (names, one) =>
    `Not counted: ${names}, which ${one ? "has models of its own and has" : "have models of their own and have"} not run yet.`,
  no_price: (names) =>
    `No price is known for the model of ${names}: it counts as free. Prices are set under Models.`,
  repeats: (names, one) =>
    `Counted once: ${names}, which ${one ? "stands" : "stand"} in a map or a loop and ${one ? "has" : "have"} not run yet.`,
  never_ran: (names, one) =>
    `${names} ${one ? "has" : "have"} not run yet: an answer of usual length is taken.`,
}

/** What is not known, in a sentence for each reason. */
export function sayGaps({ nodes }: Estimate, titleOf: (id: string) => string): string[] {
  const byGap = new Map<Gap, string[]>()
  for (const { node_id, gaps } of nodes) {
    const gap = weights.find((one) => gaps.includes(one))
    if (gap) byGap.set(gap, [...(byGap.get(gap) ?? []), `“${titleOf(node_id)}”`])
  }
  return weights.flatMap((gap) => {
    const names = byGap.get(gap)
    return names ? [says[gap](listed(names), names.length === 1)] : []
  })
}

const mostNamed = 3

const listed = (names: readonly string[]): string =>
  names.length > mostNamed
    ? `${names.slice(0, mostNamed).join(", ")} and ${names.length - mostNamed} more`
    : names.join(names.length === 2 ? " and " : ", ")
