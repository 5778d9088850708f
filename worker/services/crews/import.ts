import type { crewsApi } from "#core/contract/crews"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { importCrewAi } from "#core/crew/crewai-import"
import { readModel } from "#core/crew/crewai-models"
import type { Surroundings } from "#core/crew/crewai-reader"
import { Failure } from "#core/errors"
import { builtinTools } from "#core/tool/builtin/all"
import type { ToolRef } from "#core/tool/tool"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import * as providers from "#worker/db/llm-providers"
import * as aliases from "#worker/db/model-aliases"
import * as tools from "#worker/db/tools"
import { creation, newAgentRow } from "#worker/services/agents/shape"
import { findingsOf } from "./references.ts"
import { crewOf, factsOf, newCrewRow, versionRow } from "./shape.ts"

/** Creates a crew and its agents from CrewAI's files: all of it or nothing, and a word on every field. */
export async function importCrew(
  ctx: Ctx,
  body: BodyOf<typeof crewsApi.import>,
): Promise<ReplyOf<typeof crewsApi.import>> {
  allow(ctx.actor, "agent.edit")
  const read = importCrewAi(body, await surroundings(ctx))
  if (!read.ok) throw new Failure("crew.unreadable", { errors: read.faults.slice(0, 50) })
  const rows = new Map(read.value.agents.map(({ position, agent }) => [position, newAgentRow(ctx, agent)]))
  const draft = read.value.crew(new Map([...rows].map(([position, row]) => [position, row.id])))
  const row = newCrewRow(ctx, draft)
  const known = new Map([...rows.values()].map((agent) => [agent.id, agent]))
  const reply = { crew: crewOf(row), findings: findingsOf(draft, known), report: read.value.report }
  const [first, ...rest] = [
    ...[...rows.values()].flatMap((agent) => creation(ctx, agent)),
    crews.insert(row),
    crews.insertVersion(versionRow(row, ctx)),
    audit(ctx, "crew.import", { target: row.id, after: factsOf(row) }),
  ]
  return commit(ctx, reply, first, ...rest)
}

/** What of the tenant the files may name. */
export async function surroundings(ctx: Ctx): Promise<Surroundings> {
  const [own, known, { rows }] = await Promise.all([
    tools.names(ctx.db),
    aliases.all(ctx.db),
    providers.list(ctx.db, { page: 1, limit: 200, sort: "created_at" }),
  ])
  const byName = new Map<string, ToolRef>([
    ...builtinTools.map(({ definition }) => [definition.name, definition.id] as const),
    ...own.map((one) => [one.name, one.id] as const),
  ])
  return {
    tool: (name) => byName.get(name),
    model: (name) => {
      if (known.some((alias) => alias.name === name)) return { model: name }
      const { provider_type, model } = readModel(name)
      const provider = rows.find((one) => one.is_active && one.provider_type === provider_type)
      return provider && model !== "" && model.length <= 200
        ? { model, llm_provider_id: provider.id }
        : undefined
    },
  }
}
