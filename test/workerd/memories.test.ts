import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { crewsApi } from "#core/contract/crews"
import { executionId } from "#core/ids"
import { mostCharacters, mostMemories } from "#core/memory/rank"
import { randomBytes } from "#worker/context"
import type { Db } from "#worker/db/commit"
import type { Holder } from "#core/memory/holder"
import { recall } from "#worker/services/memories/recall"
import { remember } from "#worker/services/memories/remember"
import { ask, call, problemOf } from "#test/kit/api"
import { newAgent, newCrew } from "#test/kit/definitions"
import { databaseOf } from "#test/kit/dump"
import { newMember, newTenant, siteIn, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
let db: Db
beforeAll(async () => {
  tenant = await newTenant()
  db = (await siteIn(tenant)).db
})

const start = Date.parse("2026-11-21T12:00:00.000Z")
const day = 86_400_000

const learn = (holder: Holder, text: string, now = start) =>
  remember({ db, now, chance: randomBytes }, holder, text, {
    execution_id: executionId(0, now, randomBytes),
    actor: tenant.user,
  })
const texts = async (holder: Holder, query: string, most = 10, now = start) =>
  (await recall({ db, now }, holder, query, most)).map((one) => one.text)
const agent = async () => (await newAgent(tenant.token)).id
const as = (agent_id: string, token = tenant.token) => ({ token, params: { agent_id } })

describe("what an agent remembers", () => {
  it("is found by what it is about, the best first, and by beginnings of words", async () => {
    const id = await agent()
    await learn(id, "Ana prefers green tea in the morning.")
    await learn(id, "Invoices are paid on Fridays, by Ana and Tom.")
    await learn(id, "The warehouse closes at six.")
    expect(await texts(id, "When are invoices paid?")).toEqual([
      "Invoices are paid on Fridays, by Ana and Tom.",
    ])
    expect(await texts(id, "green tea for Ana")).toEqual([
      "Ana prefers green tea in the morning.",
      "Invoices are paid on Fridays, by Ana and Tom.",
    ])
    expect(await texts(id, "wareh")).toEqual(["The warehouse closes at six."])
    expect(await texts(id, "unheard of")).toEqual([])
    expect(await texts(id, "tea Ana", 1)).toHaveLength(1)
  })

  it("is told newest first where a question says nothing, and no question does harm", async () => {
    const id = await agent()
    for (const [i, text] of ["first", "second", "third"].entries()) await learn(id, text, start + i)
    expect(await texts(id, "…?!", 2)).toEqual(["third", "second"])
    for (const query of [
      '"',
      "text:first OR *",
      "NEAR(first second)",
      "'; drop table memories; --",
      "first AND",
    ]) {
      const found = await texts(id, query)
      expect(found.every((one) => ["first", "second", "third"].includes(one))).toBe(true)
    }
    expect(await texts(id, "first", 10)).toEqual(["first"])
  })

  it("is nobody else's, and finds words whatever their case and accents", async () => {
    const [one, other] = [await agent(), await agent()]
    await learn(one, "Der Kühlraum ist im Keller.")
    expect(await texts(one, "KÜHLRAUM")).toHaveLength(1)
    expect(await texts(one, "kuhlraum")).toHaveLength(1)
    expect(await texts(other, "Kühlraum")).toEqual([])
    expect(await texts(other, one)).toEqual([])
  })

  it("is kept once, and is as if new when it is learned again", async () => {
    const id = await agent()
    await learn(id, "Ana likes tea.")
    await learn(id, "Tom likes coffee.", start + 1)
    await learn(id, "  ana  LIKES tea", start + 2)
    const { memories, total } = await call(agentsApi.memories, as(id))
    expect(memories.map((one) => one.text)).toEqual(["Ana likes tea.", "Tom likes coffee."])
    expect(total).toBe(2)
    await learn(id, "   ")
    expect((await call(agentsApi.memories, as(id))).total).toBe(2)
  })

  it("puts the new before the old that fits alike, and notes what was of use", async () => {
    const id = await agent()
    await learn(id, "The price of the lamp is 40.", start - 200 * day)
    await learn(id, "The price of the lamp is 45.", start)
    expect(await texts(id, "price of the lamp")).toEqual([
      "The price of the lamp is 45.",
      "The price of the lamp is 40.",
    ])
    const { memories } = await call(agentsApi.memories, as(id))
    expect(memories.map((one) => one.used_at)).toEqual([
      new Date(start).toISOString(),
      new Date(start).toISOString(),
    ])
  })

  it("is bounded: long texts are cut, and past the most the longest unmet goes", async () => {
    const id = await agent()
    await learn(id, "x".repeat(mostCharacters * 2))
    expect((await call(agentsApi.memories, as(id))).memories[0]!.text).toHaveLength(mostCharacters)
    await (
      await databaseOf(tenant.id)
    )
      .prepare(
        `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
         insert into memories (id, holder, text, digest, created_at)
         select 'mem_' || i, ?, 'filler ' || i, 'digest ' || i, '2020-01-01T00:00:00.000Z' from n`,
      )
      .bind(mostMemories, id)
      .run()
    await learn(id, "The newest of all", start + 1)
    const { total } = await call(agentsApi.memories, as(id))
    expect(total).toBe(mostMemories)
    expect(await texts(id, "newest")).toEqual(["The newest of all"])
    expect(await texts(id, "xxxx", 1)).toHaveLength(1)
  })
})

describe("people", () => {
  it("see what is remembered by age, page by page, or search it, without its counting as used", async () => {
    const id = await agent()
    for (const [i, text] of ["one lamp", "two lamps", "three chairs"].entries())
      await learn(id, text, start + i)
    const list = async (query: Record<string, string | number>) => {
      const { memories, total, page_info } = await call(agentsApi.memories, { ...as(id), query })
      return [memories.map((one) => one.text), total, page_info.has_next]
    }
    expect(await list({ limit: 2 })).toEqual([["three chairs", "two lamps"], 3, true])
    expect(await list({ sort: "created_at", limit: 1 })).toEqual([["one lamp"], 3, true])
    expect(await list({ search: "lamp", limit: 1 })).toEqual([["two lamps"], 2, true])
    expect(await list({ search: "lamp", limit: 1, page: 2 })).toEqual([["one lamp"], 2, false])
    const { memories } = await call(agentsApi.memories, as(id))
    expect(memories.map((one) => one.used_at)).toEqual([null, null, null])
  })

  it("let an agent forget one thing, or everything, and nothing of it is found again", async () => {
    const id = await agent()
    await learn(id, "A secret of Ana")
    await learn(id, "A secret of Tom", start + 1)
    const [tom, ana] = (await call(agentsApi.memories, as(id))).memories
    const named = { ...as(id), params: { agent_id: id, memory_id: ana!.id } }
    expect((await ask(agentsApi.forget, named)).status).toBe(204)
    expect(problemOf(await ask(agentsApi.forget, named))).toEqual({ status: 404, code: "memory.not_found" })
    expect(await texts(id, "secret")).toEqual([tom!.text])
    const other = await agent()
    const foreign = { ...as(other), params: { agent_id: other, memory_id: tom!.id } }
    expect(problemOf(await ask(agentsApi.forget, foreign))).toEqual({ status: 404, code: "memory.not_found" })
    for (let i = 0; i < 2; i++) expect((await ask(agentsApi.forgetAll, as(id))).status).toBe(204)
    expect(await texts(id, "secret")).toEqual([])
    const { results } = await (
      await databaseOf(tenant.id)
    )
      .prepare("select action from audit_entries where target = ? order by id")
      .bind(id)
      .all<{ action: string }>()
    expect(results.map((one) => one.action)).toEqual([
      "agent.create",
      "memory.forget",
      "memory.forget_all",
      "memory.forget_all",
    ])
  })

  it("see and erase what a crew remembers; those who may only look, look", async () => {
    const crew = await newCrew(tenant.token)
    await learn(crew.id, "We decided for the blue one.")
    const { token } = await newMember(tenant, "viewer")
    const named = { token: tenant.token, params: { crew_id: crew.id } }
    const seen = await call(crewsApi.memories, { ...named, token, query: { search: "blue" } })
    expect(seen.memories.map((one) => one.text)).toEqual(["We decided for the blue one."])
    const memory_id = seen.memories[0]!.id
    const one = { ...named, params: { crew_id: crew.id, memory_id } }
    expect((await ask(crewsApi.forget, { ...one, token })).status).toBe(403)
    expect((await ask(crewsApi.forgetAll, { ...named, token })).status).toBe(403)
    expect((await ask(crewsApi.forget, one)).status).toBe(204)
    expect((await call(crewsApi.memories, named)).total).toBe(0)
  })
})
