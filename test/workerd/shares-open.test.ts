import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import type { Access, ShareLevel } from "#core/access/level"
import { canvasApi } from "#core/contract/canvas"
import { chatApi } from "#core/contract/chat"
import type { Endpoint } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { sharesApi } from "#core/contract/shares"
import { FlowId, type UserId } from "#core/ids"
import { addressOf, ask, call, origin } from "#test/kit/api"
import { askingDraft } from "#test/kit/asking"
import { Window } from "#test/kit/canvas/window"
import { wireOf } from "#test/kit/canvas/wire"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft, indexed, newQuestion } from "#test/kit/world"

let acme: TestTenant
/** A flow that waits for a person, its execution, and a chat with it. */
let ids: { flow_id: string; execution_id: string; chat_id: string }
beforeAll(async () => {
  acme = await newTenant()
  const { token } = acme
  const { flow_id, execution_id } = await newQuestion(token, askingDraft())
  await indexed(token, execution_id)
  const { session } = await call(chatApi.create, { token, body: { flow_id: FlowId.parse(flow_id) } })
  ids = { flow_id, execution_id, chat_id: session.id }
})

const share = (
  access: Access,
  shares: { user_id: UserId; level: ShareLevel }[] = [],
  flow_id = ids.flow_id,
) => call(sharesApi.shareFlow, { token: acme.token, params: { flow_id }, body: { access, shares } })

/** How long something stays open that is read as events, in ms. */
async function endOfEvents(endpoint: Endpoint, token: string): Promise<() => Promise<number>> {
  const response = await exports.default.fetch(
    new Request(addressOf(endpoint, { params: ids }), { headers: { authorization: `Bearer ${token}` } }),
  )
  expect(response.status).toBe(200)
  const reader = response.body!.getReader()
  await reader.read()
  return async () => {
    const began = Date.now()
    while (!(await reader.read()).done);
    return Date.now() - began
  }
}

async function endOfSocket(endpoint: Endpoint, token: string): Promise<() => Promise<number>> {
  const query = endpoint === canvasApi.open ? { query: { client: "window-0000000000000077" } } : {}
  const response = await exports.default.fetch(
    new Request(addressOf(endpoint, { params: ids, ...query }), {
      headers: { authorization: `Bearer ${token}`, upgrade: "websocket", origin },
    }),
  )
  const socket = response.webSocket!
  const closed = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve()))
  socket.accept()
  return async () => {
    const began = Date.now()
    await closed
    return Date.now() - began
  }
}

const limitMs = 5_500

describe("[A37] what is open ends within 5 s for whom it is not shared with any more", () => {
  it("an execution's stream, a chat's and the canvas, and for nobody else", async () => {
    const [goes, stays] = [await newMember(acme, "editor"), await newMember(acme, "editor")]
    const both = [goes, stays].map(({ user }) => ({ user_id: user, level: "view" as const }))
    await share("shared", both)
    const ends = await Promise.all([
      endOfEvents(executionsApi.stream, goes.token),
      endOfSocket(executionsApi.stream, goes.token),
      endOfEvents(chatApi.stream, goes.token),
      endOfSocket(chatApi.stream, goes.token),
      endOfSocket(canvasApi.open, goes.token),
    ])
    const stayed = await endOfEvents(executionsApi.stream, stays.token)
    await share("shared", both.slice(1))
    for (const took of await Promise.all(ends.map((end) => end()))) expect(took).toBeLessThan(limitMs)
    const later = await Promise.race([
      stayed(),
      new Promise((resolve) => setTimeout(resolve, 1_000, "still open")),
    ])
    expect(later).toBe("still open")
    expect((await ask(flowsApi.get, { token: goes.token, params: ids })).status).toBe(404)
  }, 30_000)
})

describe("a canvas", () => {
  let windows = 0
  async function opened(flow_id: string, token: string): Promise<Window> {
    const id = `window-${String(++windows).padStart(16, "1")}`
    const window = await new Window(id, async ({ client, since }) => {
      const query = { client, ...(since === undefined ? {} : { since }) }
      const address = addressOf(canvasApi.open, { params: { flow_id }, query })
      const headers = { upgrade: "websocket", origin, authorization: `Bearer ${token}` }
      return wireOf(await exports.default.fetch(new Request(address, { headers })))
    }).come()
    for (const end = Date.now() + 10_000; Date.now() < end && window.talk?.isReady !== true;)
      await new Promise((resolve) => setTimeout(resolve, 10))
    return window
  }
  const nameOf = async (flow_id: string) =>
    (await call(flowsApi.get, { token: acme.token, params: { flow_id } })).flow.name

  it("takes nothing from whom it is shared with to look at, also when that is said while it is open", async () => {
    const { flow } = await call(flowsApi.create, { token: acme.token, body: flowDraft("As it was") })
    const { user, token } = await newMember(acme, "editor")
    await share("role", [{ user_id: user, level: "view" }], flow.id)
    const looking = await opened(flow.id, token)
    looking.edit({ type: "field", field: "name", value: "Overwritten" })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await nameOf(flow.id)).toBe("As it was")
    await share("role", [], flow.id)
    const editing = await opened(flow.id, token)
    editing.edit({ type: "field", field: "name", value: "Changed" })
    for (const end = Date.now() + 5_000; Date.now() < end && (await nameOf(flow.id)) !== "Changed";)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await nameOf(flow.id)).toBe("Changed")
    await share("role", [{ user_id: user, level: "view" }], flow.id)
    await new Promise((resolve) => setTimeout(resolve, limitMs))
    editing.edit({ type: "field", field: "name", value: "Too late" })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await nameOf(flow.id)).toBe("Changed")
  }, 30_000)

  it("names to its people only those who find the flow", async () => {
    const { flow } = await call(flowsApi.create, { token: acme.token, body: flowDraft() })
    const [one, other] = [await newMember(acme, "viewer"), await newMember(acme, "viewer")]
    await share("shared", [{ user_id: one.user, level: "view" }], flow.id)
    const { people } = await call(canvasApi.people, { token: one.token, params: { flow_id: flow.id } })
    const here = people.map(({ id }) => id)
    expect([acme.user, one.user, other.user].map((id) => here.includes(id))).toEqual([true, true, false])
  })
})
