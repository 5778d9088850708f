import type { Capability } from "#core/access/capabilities"
import { can } from "#core/access/roles"
import type { Named, Resources } from "#core/builder/catalogue"
import { listQuery } from "#core/contract/endpoint"
import type { FlowId } from "#core/ids"
import { builtinTools } from "#core/tool/builtin/all"
import type { Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import * as tools from "#worker/db/tools"

/** Of each sort so many are told to a model, those that were changed last first. */
const most = 60
const mostWords = 300
const query = listQuery(["updated_at"]).parse({ limit: most, sort: "-updated_at" })

/** Tools that a flow cannot call: only agents have something to remember by. */
const agentsOnly: ReadonlySet<string> = new Set(["builtin:remember", "builtin:recall"])

const named = ({ id, name, description }: Named): Named => ({
  id,
  name,
  description: description.slice(0, mostWords),
})

/** What of the tenant a new node can name, as far as the caller may see it. Of tools what they take; nothing of how they work. */
export async function resourcesOf(ctx: Ctx, id: FlowId): Promise<Resources> {
  const seen = async <T>(capability: Capability, read: () => Promise<{ rows: T[] }>): Promise<T[]> =>
    can(ctx.actor, capability) ? (await read()).rows : []
  const [people, teams, own, others] = await Promise.all([
    seen("agent.read", () => agents.list(ctx.db, { ...query, status: "active" })),
    seen("agent.read", () => crews.list(ctx.db, query)),
    seen("agent.read", () => tools.list(ctx.db, query)),
    seen("flow.read", () => flows.list(ctx.db, { ...query, published: "true" })),
  ])
  const builtin = builtinTools.flatMap(({ definition: { id: tool, name, description, input_schema } }) =>
    agentsOnly.has(tool) ? [] : [{ ...named({ id: tool, name, description }), inputs: input_schema }],
  )
  return {
    agents: people.map(named),
    crews: teams.map(named),
    tools: [...own.map((row) => ({ ...named(row), inputs: row.definition.input_schema })), ...builtin],
    flows: others.filter((row) => row.id !== id).map(named),
  }
}
