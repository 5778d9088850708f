import { Failure } from "#core/errors"
import { bears } from "#core/governor/budget"
import type { FlowId } from "#core/ids"
import { formatMicros } from "#core/money"
import { allow, type Ctx } from "#worker/context"
import { bookOf } from "#worker/services/budgets/book"
import { estimateFlow } from "./estimate.ts"

/**
 * Refuses a draft of which no execution can come to its end: where the least that one may cost is more than a hard budget of executions
 * allows. What may cost more, and may not, is held call by call.
 */
export async function assertAffordable(ctx: Ctx, id: FlowId): Promise<void> {
  allow(ctx.actor, "flow.edit")
  const { budgets } = await bookOf(ctx)
  const any = { flow_id: id, execution_id: "any" }
  const caps = budgets.filter((one) => one.mode === "hard" && one.scope === "execution" && bears(one, any))
  const [cap] = caps.sort((a, b) => a.limit_micros - b.limit_micros)
  if (!cap) return
  const { estimate } = await estimateFlow(ctx, id)
  if (estimate.least <= cap.limit_micros) return
  throw new Failure("flow.too_dear", {
    detail:
      `An execution of this flow costs at least ${formatMicros(estimate.least)}; the budget "${cap.name}" allows ${formatMicros(cap.limit_micros)}. ` +
      "Choose cheaper models or shorter prompts, or raise the budget.",
    more: {
      budget_id: cap.id,
      budget_name: cap.name,
      limit_micros: cap.limit_micros,
      least_micros: estimate.least,
      nodes: estimate.nodes.map(({ node_id, least }) => ({ node_id, least_micros: least })),
    },
  })
}
