import { beforeAll, describe, expect, it } from "vitest"
import { chatApi, type ChatHit } from "#core/contract/chat"
import { flowsApi } from "#core/contract/flows"
import type { ChatId, FlowId } from "#core/ids"
import { ask, call, problemOf } from "#test/kit/api"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

let tenant: TestTenant
let flow_id: FlowId
beforeAll(async () => {
  tenant = await newTenant()
  flow_id = (await call(flowsApi.create, { token: tenant.token, body: flowDraft("Greeter") })).flow.id
})

async function chat(title: string, ...texts: string[]): Promise<ChatId> {
  const { token } = tenant
  const { session } = await call(chatApi.create, { token, body: { flow_id, title } })
  const params = { chat_id: session.id }
  for (const content of texts) await call(chatApi.send, { token, params, body: { content } })
  await expect
    .poll(async () => (await call(chatApi.get, { token, params })).session, { timeout: 10_000 })
    .toMatchObject({ status: "idle", message_count: 2 * texts.length })
  return session.id
}

const messagesOf = async (chat_id: ChatId, query: Record<string, string | number> = {}) =>
  call(chatApi.messages, { token: tenant.token, params: { chat_id }, query })

async function search(text: string): Promise<{ ids: ChatId[]; hits: ChatHit[] }> {
  const { sessions, hits } = await call(chatApi.list, { token: tenant.token, query: { search: text } })
  return { ids: sessions.map(({ id }) => id), hits }
}

const marked = (hit: ChatHit | undefined): string =>
  (hit?.excerpt ?? []).map(({ text, is_match }) => (is_match ? `[${text}]` : text)).join("")

describe("a search of chats", () => {
  it("finds words and beginnings of words in titles and messages, all of them, and says where", async () => {
    const trams = await chat(
      "Old vehicles",
      "The tram depot of Zürich burnt in 1932, and nobody knows why it did",
    )
    const other = await chat("Tramways of the coast", "Nothing here")
    await expect.poll(async () => (await search("depot")).ids).toEqual([trams])
    const { ids, hits } = await search("tra zurich")
    expect(ids).toEqual([trams])
    expect(marked(hits[0])).toContain("[tram] depot of [Zürich]")
    const { messages } = await messagesOf(trams)
    expect(messages.map(({ id }) => id)).toContain(hits[0]?.message_id)
    const both = await search("TRAM")
    expect(both.ids.toSorted()).toEqual([trams, other].toSorted())
    expect(both.hits.map((hit) => hit.chat_id)).toEqual(both.ids)
    expect(both.hits.find((hit) => hit.chat_id === other)).toMatchObject({ message_id: null })
    // The middle of a word is no beginning of one.
    expect((await search("epot")).ids).toEqual([])
    expect((await search("tram nowhere")).ids).toEqual([])
  })

  it("follows a new title, and forgets a deleted chat", async () => {
    const id = await chat("Gooseberries", "fool")
    const params = { chat_id: id }
    await call(chatApi.update, { token: tenant.token, params, body: { title: "Raspberries" } })
    expect((await search("goose")).ids).toEqual([])
    expect((await search("raspb")).ids).toEqual([id])
    await call(chatApi.remove, { token: tenant.token, params })
    expect((await search("raspb")).ids).toEqual([])
  })

  it("takes what is typed for words, whatever it means to FTS5", async () => {
    await chat("Odd", 'say "quoted" AND more')
    for (const text of [
      '"',
      '""',
      "a AND",
      "NEAR(",
      "x*",
      "-",
      "a:b",
      "^a",
      "{content} : a",
      "'",
      "\u0000",
      "\u0002",
    ]) {
      const answer = await ask(chatApi.list, { token: tenant.token, query: { search: text } })
      expect(answer.status, text).toBeLessThan(500)
    }
    await expect.poll(async () => (await search('"quoted" and')).ids).toHaveLength(1)
  })

  it("finds writing without spaces too", async () => {
    const id = await chat("港", "昨日は港の船を見ました")
    await expect.poll(async () => (await search("船を")).ids).toEqual([id])
    expect(marked((await search("船を")).hits[0])).toContain("[船を]")
  })

  it("shows nothing of another tenant's chats", async () => {
    await chat("Ours alone", "quokka")
    await expect.poll(async () => (await search("quokka")).ids).toHaveLength(1)
    const other = await newTenant()
    const { sessions, hits } = await call(chatApi.list, { token: other.token, query: { search: "quokka" } })
    expect([sessions, hits]).toEqual([[], []])
  })
})

describe("a long chat", () => {
  it("is read in pages: the newest, before, after and around a message", async () => {
    const id = await chat("Long", ...Array.from({ length: 10 }, (_, i) => `Say ${i}`))
    const all = (await messagesOf(id, { limit: 100 })).messages.map((one) => one.id)
    const pageOf = async (query: Record<string, string | number>) => {
      const { messages, has_more, has_newer } = await messagesOf(id, { limit: 4, ...query })
      return { at: messages.map((one) => all.indexOf(one.id)), has_more, has_newer }
    }
    expect(await pageOf({})).toEqual({ at: [0, 1, 2, 3], has_more: true, has_newer: false })
    expect(await pageOf({ before: all[3]! })).toEqual({ at: [4, 5, 6, 7], has_more: true, has_newer: true })
    expect(await pageOf({ before: all[16]! })).toEqual({ at: [17, 18, 19], has_more: false, has_newer: true })
    expect(await pageOf({ after: all[10]! })).toEqual({ at: [6, 7, 8, 9], has_more: true, has_newer: true })
    expect(await pageOf({ after: all[4]! })).toEqual({ at: [0, 1, 2, 3], has_more: true, has_newer: false })
    expect(await pageOf({ around: all[10]! })).toEqual({
      at: [8, 9, 10, 11],
      has_more: true,
      has_newer: true,
    })
    expect(await pageOf({ around: all[0]! })).toEqual({ at: [0, 1], has_more: true, has_newer: false })
    expect(await pageOf({ around: all[19]!, limit: 1 })).toEqual({
      at: [19],
      has_more: false,
      has_newer: true,
    })
    const params = { chat_id: id }
    const two = { before: all[1]!, after: all[2]! }
    expect((await ask(chatApi.messages, { token: tenant.token, params, query: two })).status).toBe(400)
    const other = await chat("Other", "Say it")
    const foreign = await ask(chatApi.messages, {
      token: tenant.token,
      params: { chat_id: other },
      query: { around: all[0]! },
    })
    expect(problemOf(foreign)).toEqual({ status: 404, code: "chat.message_not_found" })
  })

  it("is shared by pages of its newest branch, and no other branch can be asked for", async () => {
    const id = await chat("Shared", "one", "two", "three")
    const token = tenant.token
    const params = { chat_id: id }
    const { session } = await call(chatApi.share, { token, params })
    const share = session.share_url!.split("/").at(-1)!
    const read = (query: Record<string, string | number>) =>
      ask(chatApi.shared, { params: { token: share }, query })
    const end = await read({ limit: 4 })
    expect(end.body.messages.map(({ content }) => content)).toEqual([
      "two",
      "Hello two",
      "three",
      "Hello three",
    ])
    expect(end.body.has_more).toBe(true)
    const start = await read({ limit: 4, before: end.body.messages[0]!.id })
    expect(start.body.messages.map(({ content }) => content)).toEqual(["one", "Hello one"])
    expect(start.body.has_more).toBe(false)
    const first = start.body.messages[0]!.id
    const old = end.body.messages[2]!.id
    await call(chatApi.edit, { token, params: { ...params, message_id: first }, body: { content: "anew" } })
    await expect
      .poll(async () => (await read({})).body.messages.map(({ content }) => content), { timeout: 10_000 })
      .toEqual(["anew", "Hello anew"])
    expect((await read({ before: old })).status).toBe(404)
  })
})
