import { exports } from "cloudflare:workers"
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { chatApi } from "#core/contract/chat"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { membersApi } from "#core/contract/members"
import { FlowId } from "#core/ids"
import { addressOf, ask, call, origin } from "#test/kit/api"
import { newKey, newMember, newTenant, type Person, type TestTenant } from "#test/kit/tenants"
import { askingDraft } from "#test/kit/asking"
import { flowDraft, newQuestion } from "#test/kit/world"

let acme: TestTenant
let execution_id: string
let chat_id: string
beforeAll(async () => {
  acme = await newTenant()
  // It waits for a person, so that its stream stays open and says nothing.
  execution_id = (await newQuestion(acme.token, askingDraft())).execution_id
  const { flow } = await call(flowsApi.create, { token: acme.token, body: flowDraft() })
  const { session } = await call(chatApi.create, {
    token: acme.token,
    body: { flow_id: FlowId.parse(flow.id) },
  })
  chat_id = session.id
})
afterEach(() => {
  vi.useRealTimers()
})

type Stream = typeof executionsApi.stream | typeof chatApi.stream
const streams: [string, Stream][] = [
  ["an execution", executionsApi.stream],
  ["a chat", chatApi.stream],
]

/** Opens a stream of events and waits for its end; answers how long that took, in ms. */
async function endOfEvents(endpoint: Stream, token: string): Promise<() => Promise<number>> {
  const response = await exports.default.fetch(
    new Request(addressOf(endpoint, { params: { execution_id, chat_id } }), {
      headers: { authorization: `Bearer ${token}` },
    }),
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

async function endOfSocket(endpoint: Stream, token: string): Promise<() => Promise<number>> {
  const response = await exports.default.fetch(
    new Request(addressOf(endpoint, { params: { execution_id, chat_id } }), {
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

const ways: [string, (member: Person & { user: string }) => Promise<unknown>][] = [
  ["is removed", ({ user }) => call(membersApi.remove, { token: acme.token, params: { user_id: user } })],
  [
    "is disabled",
    ({ user }) =>
      call(membersApi.update, { token: acme.token, params: { user_id: user }, body: { status: "disabled" } }),
  ],
  [
    "is made less",
    ({ user }) =>
      call(membersApi.update, { token: acme.token, params: { user_id: user }, body: { role: "viewer" } }),
  ],
  ["signs out", ({ token }) => call(authApi.logout, { token })],
]

const limitMs = 5_500

describe("[A37] what is open and says nothing ends within 5 s", () => {
  it.each(ways)("when somebody %s", async (_, act) => {
    const member = await newMember(acme, "editor")
    const ends = await Promise.all(
      streams.flatMap(([, endpoint]) => [
        endOfEvents(endpoint, member.token),
        endOfSocket(endpoint, member.token),
      ]),
    )
    await act(member)
    for (const took of await Promise.all(ends.map((end) => end()))) expect(took).toBeLessThan(limitMs)
  })

  it("when a key is revoked, or its creator loses what it opens", async () => {
    const admin = await newMember(acme, "admin")
    const [revoked, bounded] = [
      await newKey({ ...acme, token: admin.token }, "execution.read", "chat.read"),
      await newKey({ ...acme, token: admin.token }, "execution.read", "chat.read"),
    ]
    const { api_keys } = await call(apiKeysApi.list, { token: acme.token })
    const id = api_keys.find((one) => one.hint === revoked.slice(-4))!.id
    const ends = await Promise.all(
      streams.flatMap(([, endpoint]) =>
        [revoked, bounded].flatMap((token) => [endOfEvents(endpoint, token), endOfSocket(endpoint, token)]),
      ),
    )
    await call(apiKeysApi.remove, { token: acme.token, params: { key_id: id } })
    await call(membersApi.remove, { token: acme.token, params: { user_id: admin.user } })
    for (const took of await Promise.all(ends.map((end) => end()))) expect(took).toBeLessThan(limitMs)
  })

  it("and nobody else's does", async () => {
    const [goes, stays] = [await newMember(acme, "editor"), await newMember(acme, "editor")]
    const left = await endOfEvents(executionsApi.stream, goes.token)
    const stayed = await endOfEvents(executionsApi.stream, stays.token)
    await call(membersApi.remove, { token: acme.token, params: { user_id: goes.user } })
    expect(await left()).toBeLessThan(limitMs)
    const later = await Promise.race([
      stayed(),
      new Promise((resolve) => setTimeout(resolve, 4_000, "still open")),
    ])
    expect(later).toBe("still open")
  }, 20_000)
})

describe("[A37] what was given out before", () => {
  it("opens nothing for who is removed: no token, no refresh, no ticket, no key", async () => {
    const member = await newMember(acme, "admin")
    const key = await newKey({ ...acme, token: member.token }, "flow.read")
    const resource = `/api/v1/executions/${execution_id}/stream`
    const { ticket } = await call(authApi.ticket, { token: member.token, body: { resource } })
    await call(membersApi.remove, { token: acme.token, params: { user_id: member.user } })
    const statuses = [
      (await ask(flowsApi.list, { token: member.token })).status,
      (await ask(flowsApi.list, { token: key })).status,
      (await ask(authApi.refresh, { body: { refresh_token: member.refresh } })).status,
      (await exports.default.fetch(new Request(`${origin}${resource}?ticket=${ticket}`))).status,
    ]
    expect(statuses).toEqual([401, 401, 401, 401])
  })

  it("[A44] opens less for who is made less: a key sinks with its creator's role, and rises with it", async () => {
    const owner = await newMember(acme, "admin")
    const token = await newKey({ ...acme, token: owner.token }, "flow.edit", "flow.read")
    const edit = () => ask(flowsApi.create, { token, body: flowDraft() }).then((one) => one.status)
    const read = () => ask(flowsApi.list, { token }).then((one) => one.status)
    const become = (role: "viewer" | "editor") =>
      call(membersApi.update, { token: acme.token, params: { user_id: owner.user }, body: { role } })
    expect([await edit(), await read()]).toEqual([201, 200])
    await become("viewer")
    expect([await edit(), await read()]).toEqual([403, 200])
    await become("editor")
    expect([await edit(), await read()]).toEqual([201, 200])
  })
})
