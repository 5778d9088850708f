import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import type { Operation } from "#core/canvas/operation"
import { apiKeysApi } from "#core/contract/api-keys"
import { approvalsApi } from "#core/contract/approvals"
import { canvasApi } from "#core/contract/canvas"
import { chatApi } from "#core/contract/chat"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { widgetApi } from "#core/contract/widget"
import { addressOf, ask, call, origin, problemOf, type Ask } from "#test/kit/api"
import { openCanvas } from "#test/kit/canvas/open"
import { Operator, refused } from "#test/kit/suspension"
import { newTenant } from "#test/kit/tenants"
import { flowDraft, newQuestion } from "#test/kit/world"

let operator: Operator
beforeAll(async () => {
  operator = await Operator.make()
})

/** Within so long nothing is changed any more, and so long it takes until it may be again. */
const limit = { timeout: 5_500, interval: 100 }
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe("a canvas that is open when its tenant is suspended", () => {
  const say = (value: string): Operation => ({ type: "set", node: "greet", field: "data.value", value })

  it("[SU12] takes no edit after 5 s, says so, has lost none that it took, and is read on", async () => {
    const own = await newTenant("drawing")
    const { flow } = await call(flowsApi.create, { token: own.token, body: flowDraft() })
    const params = { flow_id: flow.id }
    const saved = async () => {
      const { nodes } = (await call(flowsApi.get, { token: own.token, params })).flow
      return nodes.find(({ id }) => id === "greet")?.data["value"]
    }
    const [ada, ben] = [await openCanvas(flow.id, own.token), await openCanvas(flow.id, own.token)]
    ada.edit(say("0"))
    await expect.poll(() => ada.isSettled && ben.isSettled, limit).toBe(true)
    await operator.suspend(own)
    // She goes on as if nothing were, until the canvas refuses.
    const end = Date.now() + 5_000
    for (let i = 1; ada.refusals.length === 0; i++) {
      expect(Date.now()).toBeLessThan(end)
      ada.edit(say(String(i)))
      await sleep(100)
    }
    expect(ada.refusals[0]).toMatchObject({
      code: "canvas.read_only",
      message: "You may look at this flow, but not change it.",
    })
    await expect.poll(() => [ada.talk?.mayEdit, ben.talk?.mayEdit], limit).toEqual([false, false])
    await expect.poll(() => ada.isSettled && ada.fingerprint === ben.fingerprint, limit).toBe(true)
    const last = ada.draft.nodes.find(({ id }) => id === "greet")?.data["value"]
    expect(ada.code).toBeUndefined()
    ben.edit(say("mine"))
    await expect.poll(() => ben.refusals.length, limit).toBe(1)
    expect(await saved()).toBe(last)
    const carl = await openCanvas(flow.id, own.token)
    expect([carl.talk?.mayEdit, carl.fingerprint]).toEqual([false, ada.fingerprint])
    const { version } = (await call(flowsApi.get, { token: own.token, params })).flow
    const comment = { token: own.token, params, body: { text: "Why?" } }
    expect(problemOf(await ask(canvasApi.comment, comment))).toEqual(refused)
    expect(problemOf(await ask(canvasApi.nameVersion, { ...comment, body: { name: "Now" } }))).toEqual(
      refused,
    )
    expect((await call(flowsApi.get, { token: own.token, params })).flow.version).toBe(version)
    await operator.letGoOn(own)
    await expect.poll(() => [ada, ben, carl].every(({ talk }) => talk?.mayEdit), limit).toBe(true)
    carl.edit(say("again"))
    await expect.poll(saved, limit).toBe("again")
  })
})

describe("what is open and told of news when its tenant is suspended", () => {
  async function socketTo(endpoint: Endpoint, token: string, params: Record<string, string>) {
    const response = await exports.default.fetch(
      new Request(addressOf(endpoint, { params }), {
        headers: { authorization: `Bearer ${token}`, upgrade: "websocket", origin },
      }),
    )
    const socket = response.webSocket!
    const seen: { code: number | undefined; text: string } = { code: undefined, text: "" }
    socket.addEventListener("message", ({ data }) => void (seen.text += String(data)))
    socket.addEventListener("close", ({ code }) => void (seen.code = code))
    socket.accept()
    return seen
  }

  it("[SU13] stays so for its people, who read on, and ends for visitors of other sites", async () => {
    const own = await newTenant("watched")
    const { token } = own
    const question = await newQuestion(token)
    const { execution_id, approval_id, flow_id } = question
    const execution = await socketTo(executionsApi.stream, token, { execution_id })
    const { session } = await call(chatApi.create, { token, body: { flow_id } })
    const params = { chat_id: session.id }
    const chat = await socketTo(chatApi.stream, token, params)
    const shared = (await call(chatApi.share, { token, params })).session.share_url!.split("/").at(-1)!
    const site = { origin: "https://shop.example" }
    const key = await call(apiKeysApi.create, {
      token,
      body: {
        name: "Shop",
        scopes: ["chat.write"],
        restrictions: { flow_id, origins: [site.origin] },
      },
    })
    const visitor = await call(widgetApi.begin, { token: key.secret, body: {}, headers: site })
    const visit = { token: visitor.token, headers: site }
    const stream = await exports.default.fetch(
      new Request(addressOf(widgetApi.stream), {
        headers: { ...site, authorization: `Bearer ${visitor.token}` },
      }),
    )
    const reader = stream.body!.getReader()
    await operator.suspend(own)
    const began = Date.now()
    while (!(await reader.read()).done);
    expect(Date.now() - began).toBeLessThan(limit.timeout)
    expect(problemOf(await ask(widgetApi.messages, visit))).toEqual(refused)
    expect(problemOf(await ask(widgetApi.send, { ...visit, body: { content: "Hi" } }))).toEqual(refused)
    expect(problemOf(await ask(widgetApi.stop, visit))).toEqual(refused)
    const written: [Endpoint, Ask][] = [
      [chatApi.send, { body: { content: "Hi" } }],
      [chatApi.share, {}],
      [chatApi.stop, {}],
    ]
    for (const [endpoint, more] of written)
      expect(problemOf(await ask(endpoint, { token, params, ...more }))).toEqual(refused)
    // Whoever was given a chat to read reads it.
    expect((await call(chatApi.shared, { params: { token: shared } })).messages).toEqual([])
    await sleep(Math.max(0, began + limit.timeout - Date.now()))
    expect([execution.code, chat.code]).toEqual([undefined, undefined])
    await operator.letGoOn(own)
    expect((await ask(widgetApi.messages, visit)).status).toBe(200)
    await call(chatApi.send, { token, params, body: { content: "Ben" } })
    await expect.poll(() => chat.text, limit).toContain("Ben")
    const answer = { token, params: { execution_id, approval_id }, body: { button: "yes" } }
    await call(approvalsApi.answer, answer)
    await expect.poll(() => execution.text, limit).toContain("execution.succeeded")
  })
})
