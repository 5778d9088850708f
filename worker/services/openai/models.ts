import { AgentId, CrewId } from "#core/ids"
import { Failure, found } from "#core/errors"
import { listQuery } from "#core/contract/endpoint"
import { allow, type Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import * as crews from "#worker/db/crews"
import * as providers from "#worker/db/llm-providers"
import * as aliases from "#worker/db/model-aliases"
import { usableIn } from "#worker/db/shares"

/** A model as OpenAI's API lists it. */
type Listed = { id: string; object: "model"; created: number; owned_by: string }

/** Whom a request names: a model or alias for the gateway, or somebody who answers by an execution. */
export type Wanted =
  | { is: "model"; name: string }
  | { is: "agent"; row: agents.AgentRow }
  | { is: "crew"; row: crews.CrewRow }

const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")

const everything = listQuery(["created_at"]).parse({ limit: 200, sort: "created_at" })
const listed = (id: string, at: string, owned_by: string): Listed => ({
  id,
  object: "model",
  created: Math.floor(Date.parse(at) / 1000),
  owned_by,
})

/** Everything that can be asked as a model: aliases, what providers use by default, agents and crews. */
export async function listModels(ctx: Ctx): Promise<{ object: "list"; data: Listed[] }> {
  allow(ctx.actor, "execution.start")
  const [named, accounts, people, teams] = await Promise.all([
    aliases.all(ctx.db),
    providers.list(ctx.db, everything),
    agents.list(usableIn(ctx.db), { ...everything, status: "active" }),
    crews.list(usableIn(ctx.db), everything),
  ])
  const models = accounts.rows.flatMap((row) => {
    const model = row.provider_type === "builtin" ? "builtin" : row.config.default_model
    return row.is_active && model !== undefined ? [listed(model, row.created_at, row.name)] : []
  })
  const data = [
    ...named.map((row) => listed(row.name, row.created_at, "alias")),
    ...models,
    ...people.rows.map((row) => listed(`agent/${slugOf(row.name) || row.id}`, row.created_at, "agent")),
    ...teams.rows.map((row) => listed(`crew/${row.id}`, row.created_at, "crew")),
  ]
  return { object: "list", data: [...new Map(data.map((one) => [one.id, one])).values()] }
}

export async function getModel(ctx: Ctx, id: string): Promise<Listed> {
  allow(ctx.actor, "execution.start")
  const { data } = await listModels(ctx)
  const known = data.find((one) => one.id === id)
  if (known) return known
  const wanted = await wantedModel(ctx, id)
  if (wanted.is === "model") throw unknown(id)
  return listed(id, wanted.row.created_at, wanted.is)
}

const unknown = (id: string): Failure =>
  new Failure("agent.not_found", { detail: `There is no model ${id}.` })

/** `agent/<id or slug>`, `crew/<id>`, else a model. */
export async function wantedModel(ctx: Ctx, name: string): Promise<Wanted> {
  const [, kind, who = ""] = /^(agent|crew)\/(.+)$/s.exec(name) ?? []
  if (kind === "crew") {
    const id = CrewId.safeParse(who)
    const row = id.success ? await crews.byId(usableIn(ctx.db), id.data) : undefined
    return { is: "crew", row: found(row, "crew.not_found") }
  }
  if (kind === undefined) return { is: "model", name }
  const id = AgentId.safeParse(who)
  if (id.success)
    return { is: "agent", row: found(await agents.byId(usableIn(ctx.db), id.data), "agent.not_found") }
  const { rows } = await agents.list(usableIn(ctx.db), { ...everything, status: "active" })
  const match = rows.find((row) => slugOf(row.name) === who)
  const row = match && (await agents.byId(usableIn(ctx.db), match.id))
  if (!row) throw unknown(name)
  return { is: "agent", row }
}
