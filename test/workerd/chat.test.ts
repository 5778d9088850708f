import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { approvalsApi } from "#core/contract/approvals"
import { chatApi, type ChatEvent, type ChatMessage } from "#core/contract/chat"
import { authApi } from "#core/contract/auth"
import { flowsApi } from "#core/contract/flows"
import { reduceMessages } from "#core/chat/reduce"
import { addressOf, ask, call, problemOf } from "#test/kit/api"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { askingDraft } from "#test/kit/asking"
import { flowDraft } from "#test/kit/world"

let tenant: TestTenant
let agent_id: string
let flow_id: string
beforeAll(async () => {
  tenant = await newTenant()
  const made = await call(agentsApi.create, {
    token: tenant.token,
    body: { name: "Ada", role: "writer", goal: "Answer in two sentences." },
  })
  agent_id = made.agent.id
  const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft() })
  flow_id = flow.id
})

const begin = async (body: object) =>
  (await call(chatApi.create, { token: tenant.token, body: body })).session
const messagesOf = async (chat_id: string, token = tenant.token): Promise<ChatMessage[]> =>
  (await call(chatApi.messages, { token, params: { chat_id } })).messages.toReversed()
const send = (chat_id: string, content: string, more: object = {}) =>
  call(chatApi.send, { token: tenant.token, params: { chat_id }, body: { content, ...more } })

async function answered(chat_id: string, count = 1): Promise<ChatMessage[]> {
  for (const end = Date.now() + 15_000; Date.now() < end; await new Promise((r) => setTimeout(r, 10))) {
    const answers = (await messagesOf(chat_id)).filter(({ role }) => role === "assistant")
    if (answers.length >= count && answers.every(({ finished_at }) => finished_at !== null)) return answers
  }
  throw new Error(`no answer in time: ${JSON.stringify(await messagesOf(chat_id))}`)
}

describe("a chat over HTTP", () => {
  it("with an agent answers, is named after what it is about, and costs what its answers cost", async () => {
    const { id } = await begin({ agent_id })
    const { message_id } = await send(id, "What is the capital of France? Paris is the capital of France.")
    const [answer] = await answered(id)
    expect(answer).toMatchObject({ parent_id: message_id, status: "done", author: "Ada", error: null })
    expect(answer!.content).not.toBe("")
    expect(answer!.steps.map(({ type }) => type)).toContain("model")
    expect(answer!.input_tokens).toBeGreaterThan(0)
    const { session } = await call(chatApi.get, { token: tenant.token, params: { chat_id: id } })
    expect(session).toMatchObject({ status: "idle", partner: "Ada", message_count: 2 })
    expect(session.title).toContain("capital of France")
  })

  it("with a flow answers with its output, and a flow can be attached", async () => {
    const { id } = await begin({ flow_id, title: "Greetings" })
    await send(id, "Ben")
    expect((await answered(id))[0]!.content).toBe("Hello Ben")
    const other = await begin({ agent_id })
    await send(other.id, "Say what the flow said.", { attached_flow_id: flow_id })
    const [answer] = await answered(other.id)
    expect(answer!.steps[0]).toMatchObject({ id: "attached", type: "tool", status: "succeeded" })
  })

  it("waits for a person, who answers by the execution's approval", async () => {
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: askingDraft({ title: "Pay?" }),
    })
    const { id } = await begin({ flow_id: flow.id })
    await send(id, "go")
    let waiting: ChatMessage | undefined
    await expect
      .poll(async () => (waiting = (await messagesOf(id))[1])?.status, { timeout: 10_000 })
      .toBe("waiting")
    const step = waiting!.steps.at(-1)!
    expect(step).toMatchObject({ type: "approval", title: "Pay?", status: "waiting" })
    await call(approvalsApi.answer, {
      token: tenant.token,
      params: { execution_id: waiting!.execution_id!, approval_id: step.approval_id! },
      body: { button: "yes" },
    })
    expect((await answered(id))[0]).toMatchObject({ content: "yes", status: "done" })
  })

  it("streams events that fold to the messages, for a ticket too", async () => {
    const { id } = await begin({ agent_id })
    const path = addressOf(chatApi.stream, { params: { chat_id: id } })
    const { ticket } = await call(authApi.ticket, {
      token: tenant.token,
      body: { resource: new URL(path).pathname },
    })
    await send(id, "<script>alert(1)</script> says a text about rivers. Rivers flow to the sea.")
    await answered(id)
    const response = await exports.default.fetch(new Request(`${path}?ticket=${ticket}&after=0`))
    expect(response.headers.get("content-type")).toContain("text/event-stream")
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    const events: ChatEvent[] = []
    for (let text = ""; !events.some((e) => e.type === "session");) {
      const { done, value = "" } = await reader.read()
      if (done) break
      text += value
      const end = text.lastIndexOf("\n\n")
      if (end < 0) continue
      for (const [, data] of text.slice(0, end).matchAll(/^data: (.*)$/gm)) events.push(JSON.parse(data!))
      text = text.slice(end + 2)
    }
    await reader.cancel()
    const folded = events.reduce<readonly ChatMessage[]>(reduceMessages, [])
    expect(folded).toEqual(await messagesOf(id))
    expect(folded[0]!.content).toContain("<script>alert(1)</script>")
    const again = await exports.default.fetch(new Request(`${path}?ticket=${ticket}&after=0`))
    expect(again.status).toBe(401)
  })

  it("edits and retries in branches, takes feedback, and is found by what was said", async () => {
    const { id } = await begin({ flow_id })
    const { message_id } = await send(id, "Zebulon")
    const [first] = await answered(id)
    const token = tenant.token
    const edited = await call(chatApi.edit, {
      token,
      params: { chat_id: id, message_id },
      body: { content: "Yolanda" },
    })
    await answered(id, 2)
    await call(chatApi.retry, { token, params: { chat_id: id, message_id: first!.id } })
    const answers = await answered(id, 3)
    expect(answers.map(({ parent_id, content }) => [parent_id, content])).toEqual([
      [message_id, "Hello Zebulon"],
      [edited.message_id, "Hello Yolanda"],
      [message_id, "Hello Zebulon"],
    ])
    const rated = await call(chatApi.feedback, {
      token,
      params: { chat_id: id, message_id: first!.id },
      body: { feedback: "down" },
    })
    expect(rated.message.feedback).toBe("down")
    await expect
      .poll(async () =>
        (await call(chatApi.list, { token, query: { search: "hello zebu" } })).sessions.map((one) => one.id),
      )
      .toEqual([id])
    const wrong = { token, params: { chat_id: id, message_id: first!.id }, body: { content: "x" } }
    expect(problemOf(await ask(chatApi.edit, wrong))).toEqual({ status: 409, code: "chat.wrong_message" })
  })

  it("says what is wrong with a partner or an address", async () => {
    const token = tenant.token
    expect(problemOf(await ask(chatApi.create, { token, body: {} }))).toMatchObject({
      code: "chat.no_partner",
    })
    const both = await ask(chatApi.create, { token, body: { agent_id, flow_id } })
    expect(problemOf(both)).toMatchObject({ status: 400, code: "chat.no_partner" })
    const { id } = await begin({ flow_id })
    const stranger = { content: "you", to_agent_id: agent_id }
    const said = await ask(chatApi.send, { token, params: { chat_id: id }, body: stranger })
    expect(problemOf(said)).toEqual({ status: 400, code: "chat.not_a_member" })
  })

  it("is read by anybody who has its address, without what only the tenant should know, until that is taken back", async () => {
    const { id } = await begin({ agent_id })
    await send(id, "A secret plan about rivers.")
    await answered(id)
    const token = tenant.token
    const { session } = await call(chatApi.share, { token, params: { chat_id: id } })
    const share = session.share_url!.split("/").at(-1)!
    const shared = await ask(chatApi.shared, { params: { token: share } })
    expect(shared.body.messages.map(({ role }) => role)).toEqual(["user", "assistant"])
    expect(shared.text).not.toContain("user_")
    expect(shared.text).not.toContain("exec_")
    expect(
      shared.body.messages[1]!.steps.every(({ detail, result }) => detail === null && result === null),
    ).toBe(true)
    const forged = `${share.slice(0, -3)}AAA`
    expect(problemOf(await ask(chatApi.shared, { params: { token: forged } }))).toMatchObject({ status: 404 })
    await call(chatApi.unshare, { token, params: { chat_id: id } })
    expect(problemOf(await ask(chatApi.shared, { params: { token: share } }))).toEqual({
      status: 404,
      code: "chat.not_shared",
    })
    const anew = (await call(chatApi.share, { token, params: { chat_id: id } })).session.share_url!
    expect(anew.endsWith(share)).toBe(false)
  })

  it("is nobody else's, and gone when it is deleted", async () => {
    const { id } = await begin({ agent_id })
    const other = await newTenant()
    const foreign = { token: other.token, params: { chat_id: id } }
    for (const endpoint of [chatApi.get, chatApi.messages, chatApi.stream, chatApi.stop, chatApi.share]) {
      expect([endpoint.path, problemOf(await ask(endpoint, foreign))]).toEqual([
        endpoint.path,
        { status: 404, code: "chat.not_found" },
      ])
    }
    const viewer = await newMember(tenant, "viewer")
    const reading = { token: viewer.token, params: { chat_id: id } }
    expect((await ask(chatApi.get, reading)).status).toBe(200)
    expect((await ask(chatApi.send, { ...reading, body: { content: "x" } })).status).toBe(403)
    await call(chatApi.remove, { token: tenant.token, params: { chat_id: id } })
    const gone = await ask(chatApi.get, { token: tenant.token, params: { chat_id: id } })
    expect(problemOf(gone)).toEqual({ status: 404, code: "chat.not_found" })
  })
})
