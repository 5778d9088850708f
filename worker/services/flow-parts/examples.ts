import { FlowDraft } from "#core/contract/flows"
import { templates } from "#core/flow/templates"
import { calledExamples, calledTools, withFlows, withTools } from "#core/flow/templates/callees"
import { differences } from "#core/json-diff"
import { toolExamples } from "#core/tool/examples"
import type { ToolDraft } from "#core/tool/tool"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import * as tools from "#worker/db/tools"
import type { Env } from "#worker/env"
import { createFlow } from "#worker/services/flows/create"
import { publishFlow } from "#worker/services/flows/publish"
import { digestOfGraph, graphOf } from "#worker/services/flows/shape"
import { createTool } from "#worker/services/tools/create"

/**
 * A drawing with flows and tools of the tenant in the place of the examples that it calls. What is here already just as it comes is
 * called as it is; the others are created first, and flows published.
 */
export async function withExamples(env: Env, ctx: Ctx, draft: FlowDraft): Promise<FlowDraft> {
  const called = calledExamples(draft.nodes)
  const calls = calledTools(draft.nodes)
  if (called.length + calls.length === 0) return draft
  allow(ctx.actor, "flow.edit")
  const ids = new Map<string, string>()
  for (const name of called) {
    const example = templates.find((one) => one.id === name)
    if (example) ids.set(name, await installed(env, ctx, FlowDraft.parse(example.flow)))
  }
  const toolIds = new Map<string, string>()
  for (const name of calls) {
    const example = toolExamples.find((one) => one.id === name)
    if (example) toolIds.set(name, await installedTool(ctx, example.tool))
  }
  return { ...draft, nodes: withTools(withFlows(draft.nodes, ids), toolIds) }
}

async function installed(env: Env, ctx: Ctx, example: FlowDraft): Promise<string> {
  const draft = await withExamples(env, ctx, example)
  const known = await flows.publishedAs(ctx.db, digestOfGraph(graphOf(draft)))
  if (known) return known
  const { flow } = await createFlow(env, ctx, draft)
  await publishFlow(ctx, flow.id, undefined, "The example as it comes")
  return flow.id
}

async function installedTool(ctx: Ctx, example: ToolDraft): Promise<string> {
  const named = await tools.names(ctx.db)
  const taken = new Map(named.map((one) => [one.name, one.id]))
  for (let n = 1; ; n++) {
    const name = n === 1 ? example.name : `${example.name}_${n}`
    const known = taken.get(name)
    if (known === undefined) return (await createTool(ctx, { ...example, name })).tool.id
    const row = await tools.byId(ctx.db, known)
    // One that somebody has changed is theirs.
    if (row && differences({ ...row.definition }, { ...example, name }).length === 0) return known
  }
}
