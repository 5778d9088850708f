import { agentExamples } from "#core/agent/examples"
import { crewExamples } from "#core/crew/examples"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import { createAgent } from "#worker/services/agents/create"
import { useCrewExample } from "#worker/services/crews/use-example"

/** The example agents and crews, only into a tenant that never had an agent: what its people deleted stays deleted. */
export async function seedCrews(ctx: Ctx): Promise<void> {
  if (await agents.hasAny(ctx.db)) return
  // Lists show the newest first, so the first example is the last to be made.
  for (const [age, { agent }] of agentExamples.entries())
    await createAgent({ ...ctx, now: ctx.now - age }, agent)
  for (const [age, { id }] of crewExamples.entries()) await useCrewExample({ ...ctx, now: ctx.now - age }, id)
}
