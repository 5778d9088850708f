import { FlowDraft } from "#core/contract/flows"
import { templates } from "#core/flow/templates"
import { calledExamples, withFlows } from "#core/flow/templates/callees"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { createFlow } from "#worker/services/flows/create"
import { publishFlow } from "#worker/services/flows/publish"
import { digestOfGraph, graphOf } from "#worker/services/flows/shape"

/**
 * A drawing with flows of the tenant in the place of the examples that it calls. An example that is published here just as it
 * comes is called as it is; the others are created and published first.
 */
export async function withExamples(ctx: Ctx, draft: FlowDraft): Promise<FlowDraft> {
  const called = calledExamples(draft.nodes)
  if (called.length === 0) return draft
  allow(ctx.actor, "flow.edit")
  const ids = new Map<string, string>()
  for (const name of called) {
    const example = templates.find((one) => one.id === name)
    if (example) ids.set(name, await installed(ctx, FlowDraft.parse(example.flow)))
  }
  return { ...draft, nodes: withFlows(draft.nodes, ids) }
}

async function installed(ctx: Ctx, example: FlowDraft): Promise<string> {
  const draft = await withExamples(ctx, example)
  const known = await flows.publishedAs(ctx.db, digestOfGraph(graphOf(draft)))
  if (known) return known
  const { flow } = await createFlow(ctx, draft)
  await publishFlow(ctx, flow.id, undefined, "The example as it comes")
  return flow.id
}
