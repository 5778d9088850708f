import type { agentsApi, Memory } from "#core/contract/agents"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import { AgentId } from "#core/ids"
import type { Holder } from "#core/memory/holder"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import { commit } from "#worker/db/commit"
import * as crews from "#worker/db/crews"
import * as memories from "#worker/db/memories"
import { memoryOf, search } from "./recall.ts"

type Page = ReplyOf<typeof agentsApi.memories>

/** So many are ranked in a search; who wants more says more of what is looked for. */
const mostFound = 200

/** What an agent or a crew remembers: by age, or what fits a search best. */
export async function listMemories(
  ctx: Ctx,
  holder: Holder,
  query: QueryOf<typeof agentsApi.memories>,
): Promise<Page> {
  allow(ctx.actor, "agent.read")
  await assertHolder(ctx, holder)
  const { page, limit } = query
  const paged = (list: Memory[], total: number): Page => ({
    memories: list,
    total,
    page_info: pageInfo(page, limit, total),
  })
  if (query.search?.trim()) {
    const fitting = await search(ctx, holder, query.search, mostFound)
    return paged(fitting.slice((page - 1) * limit, page * limit), fitting.length)
  }
  const oldestFirst = query.sort === "created_at"
  const { rows, total } = await memories.page(ctx.db, holder, { page, limit, oldestFirst })
  return paged(rows.map(memoryOf), total)
}

/** Lets an agent or a crew forget one thing. */
export async function forget(ctx: Ctx, holder: Holder, id: string): Promise<void> {
  allow(ctx.actor, "agent.edit")
  await assertHolder(ctx, holder)
  await commit(
    ctx,
    undefined,
    memories.forget(ctx.db, holder, id),
    audit(ctx, "memory.forget", { target: holder, before: { memory: id } }),
  )
}

/** Lets an agent or a crew forget everything. */
export async function forgetAll(ctx: Ctx, holder: Holder): Promise<void> {
  allow(ctx.actor, "agent.edit")
  await assertHolder(ctx, holder)
  const entry = audit(ctx, "memory.forget_all", { target: holder }, true)
  await commit(ctx, undefined, memories.forgetAll(ctx.db, holder), entry)
}

async function assertHolder(ctx: Ctx, holder: Holder): Promise<void> {
  if (isAgent(holder)) found(await agents.byId(ctx.db, holder), "agent.not_found")
  else found(await crews.byId(ctx.db, holder), "crew.not_found")
}

const isAgent = (holder: Holder): holder is AgentId => AgentId.safeParse(holder).success
