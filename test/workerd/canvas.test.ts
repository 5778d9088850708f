import { beforeAll, describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { canvasApi } from "#core/contract/canvas"
import { flowsApi } from "#core/contract/flows"
import { executionsApi } from "#core/contract/executions"
import type { Operation } from "#core/canvas/operation"
import { ask, call, problemOf } from "#test/kit/api"
import { askCanvas, openCanvas } from "#test/kit/canvas/open"
import { databaseOf, dump } from "#test/kit/dump"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (
    const end = Date.now() + 10_000;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 10))
  )
    if (await holds()) return
  throw new Error("it did not happen in time")
}

const opened = (flow_id: string, token = tenant.token) => openCanvas(flow_id, token)

const create = async () => (await call(flowsApi.create, { token: tenant.token, body: flowDraft() })).flow
const as = (flow_id: string) => ({ token: tenant.token, params: { flow_id } })
const say = (value: string): Operation => ({ type: "set", node: "greet", field: "data.value", value })

describe("a flow that people have open together", () => {
  it("is for everybody else what they see: reading, publishing and executing", async () => {
    const flow = await create()
    const [ada, ben] = [await opened(flow.id), await opened(flow.id)]
    ada.edit(say("'Good evening, ' & input.name"))
    ben.edit({ type: "field", field: "name", value: "Evening" })
    await until(() => ada.isSettled && ben.isSettled && ada.fingerprint === ben.fingerprint)
    const read = await ask(flowsApi.get, as(flow.id))
    expect(read.body.flow).toMatchObject({ name: "Evening", nodes: ada.draft.nodes, edges: ada.draft.edges })
    expect(read.headers.get("etag")).toBe(`"v${read.body.flow.version}"`)
    expect(read.body.flow.version).toBeGreaterThan(1)
    const started = await ask(executionsApi.execute, {
      ...as(flow.id),
      body: { inputs: { name: "Ana" } },
      headers: { prefer: "wait=10" },
    })
    expect(started.body).toMatchObject({ status: "succeeded", outputs: "Good evening, Ana" })
    ada.edit(say("'Good night, ' & input.name"))
    await until(() => ada.isSettled)
    expect(await call(flowsApi.publish, as(flow.id))).toEqual({ version: 1 })
    const { version } = await call(flowsApi.version, {
      token: tenant.token,
      params: { flow_id: flow.id, version: "1" },
    })
    expect(version.nodes.find(({ id }) => id === "greet")!.data["value"]).toBe("'Good night, ' & input.name")
  })

  it("takes a program's save as an edit that they see, and refuses one that was read before theirs", async () => {
    const flow = await create()
    const ada = await opened(flow.id)
    ada.edit({ type: "move", moves: [{ id: "greet", x: 777, y: 0 }] })
    await until(() => ada.isSettled)
    const draft = { ...flowDraft("Saved by a program"), description: "New words" }
    const stale = await ask(flowsApi.update, { ...as(flow.id), headers: { "if-match": '"v1"' }, body: draft })
    expect(problemOf(stale)).toEqual({ status: 412, code: "conflict.stale" })
    const { flow: now } = await call(flowsApi.get, as(flow.id))
    const match = { "if-match": `"v${now.version}"` }
    const body = { ...draft, nodes: now.nodes, edges: now.edges }
    const saved = await call(flowsApi.update, { ...as(flow.id), headers: match, body })
    expect(saved.flow.version).toBe(now.version + 1)
    await until(() => ada.draft.name === "Saved by a program")
    expect(ada.draft.nodes.find(({ id }) => id === "greet")!.position.x).toBe(777)
    const again = await call(flowsApi.get, as(flow.id))
    expect(again.flow).toMatchObject({ version: now.version + 1, description: "New words" })
  })

  it("is shut when it is deleted, and opens again when it is restored", async () => {
    const flow = await create()
    const ada = await opened(flow.id)
    ada.edit(say("'Bye'"))
    await until(() => ada.isSettled)
    await call(flowsApi.remove, as(flow.id))
    await until(() => ada.code === 4404)
    const gone = await askCanvas(
      flow.id,
      { client: "window-9999999999999999" },
      { authorization: `Bearer ${tenant.token}` },
    )
    expect(gone.status).toBe(404)
    await call(flowsApi.restore, as(flow.id))
    const back = await opened(flow.id)
    expect(back.draft.nodes.find(({ id }) => id === "greet")!.data["value"]).toBe("'Bye'")
  })
})

describe("who comes in to a canvas", () => {
  it("[A24, A25] comes from our own pages, with a token or a ticket for this canvas, which opens it once", async () => {
    const flow = await create()
    const resource = `/api/v1/flows/${flow.id}/canvas`
    const { ticket } = await call(authApi.ticket, { token: tenant.token, body: { resource } })
    const opening = { client: "window-of-the-ticket" }
    expect((await askCanvas(flow.id, opening, { origin: "https://evil.example" }, ticket)).status).toBe(403)
    expect((await askCanvas(flow.id, opening, {})).status).toBe(401)
    const first = await askCanvas(flow.id, opening, {}, ticket)
    expect(first.status).toBe(101)
    first.webSocket!.accept()
    first.webSocket!.close()
    expect((await askCanvas(flow.id, opening, {}, ticket)).status).toBe(401)
    const plain = await ask(canvasApi.open, { ...as(flow.id), query: opening })
    expect(problemOf(plain)).toEqual({ status: 426, code: "canvas.no_upgrade" })
  })

  it("[A37] only looks as a viewer, is nobody as another tenant, and is out when the session ends", async () => {
    const flow = await create()
    const [viewer, editor] = [await newMember(tenant, "viewer"), await newMember(tenant, "editor")]
    const vera = await opened(flow.id, viewer.token)
    expect(vera.talk?.mayEdit).toBe(false)
    vera.edit(say("'mine'"))
    await until(() => vera.refusals.length === 1)
    expect(vera.refusals[0]!.code).toBe("canvas.read_only")
    const stranger = await newTenant()
    const foreign = await askCanvas(
      flow.id,
      { client: "window-of-a-stranger" },
      { authorization: `Bearer ${stranger.token}` },
    )
    expect(foreign.status).toBe(404)
    const eve = await opened(flow.id, editor.token)
    await call(authApi.logout, { token: editor.token })
    await new Promise((resolve) => setTimeout(resolve, 4_100))
    eve.edit(say("'too late'"))
    await until(() => eve.code === 4403)
    const { flow: now } = await call(flowsApi.get, as(flow.id))
    expect(now.nodes).toEqual(flow.nodes)
  })
})

describe("what people leave on a canvas", () => {
  it("is theirs to write anew and to take away; of others, an admin may take it away", async () => {
    const flow = await create()
    const [editor, viewer] = [await newMember(tenant, "editor"), await newMember(tenant, "viewer")]
    const params = { flow_id: flow.id }
    const { people } = await call(canvasApi.people, { token: viewer.token, params })
    expect(people).toContainEqual({ id: editor.user, name: "editor", is_active: true })
    const begin = (token: string) => call(canvasApi.comment, { token, params, body: { text: "Why?" } })
    const [theirs, mine] = [(await begin(editor.token)).thread, (await begin(tenant.token)).thread]
    const at = ({ id, comments }: typeof mine) => ({
      params: { ...params, thread_id: id, comment_id: comments[0]!.id },
    })
    const body = { text: "Why so?", mentions: [tenant.user] }
    const { thread } = await call(canvasApi.reword, { token: editor.token, ...at(theirs), body })
    expect(thread.comments[0]).toMatchObject({ text: "Why so?", by: editor.user, mentions: [tenant.user] })
    expect(thread.comments[0]!.edited_at).not.toBeNull()
    const refusals = [
      ask(canvasApi.reword, { token: editor.token, ...at(mine), body }),
      ask(canvasApi.unsay, { token: editor.token, ...at(mine) }),
      // Even an admin puts no words into another's mouth.
      ask(canvasApi.reword, { token: tenant.token, ...at(theirs), body }),
      ask(canvasApi.unsay, { token: viewer.token, ...at(theirs) }),
    ]
    for (const refusal of refusals)
      expect(problemOf(await refusal)).toEqual({ status: 403, code: "access.denied" })
    const ada = await opened(flow.id)
    expect(ada.client.canvas.threads.size).toBe(2)
    await call(canvasApi.unsay, { token: tenant.token, ...at(theirs) })
    await call(canvasApi.unsay, { token: tenant.token, ...at(mine) })
    await until(() => ada.client.canvas.threads.size === 0)
    const again = await ask(canvasApi.unsay, { token: tenant.token, ...at(mine) })
    expect(problemOf(again)).toEqual({ status: 404, code: "flow.comment_not_found" })
  })

  it("is listed: comments with who they are for, and versions with a name, which can be brought back", async () => {
    const flow = await create()
    const params = { flow_id: flow.id }
    const { token, user } = tenant
    const about = { text: "Is this polite?", node_id: "greet", mentions: [user] }
    const { thread } = await call(canvasApi.comment, { token, params, body: about })
    expect(thread).toMatchObject({ node_id: "greet", comments: [{ by: user, mentions: [user] }] })
    const there = { flow_id: flow.id, thread_id: thread.id }
    await call(canvasApi.reply, { token, params: there, body: { text: "It is." } })
    await call(canvasApi.resolve, { token, params: there, body: { resolved: true } })
    const open = await call(canvasApi.threads, { token, params, query: { resolved: "false" } })
    const closed = await call(canvasApi.threads, {
      token,
      params,
      query: { resolved: "true", node_id: "greet" },
    })
    expect([open.threads, closed.threads.map(({ comments }) => comments.length)]).toEqual([[], [2]])
    const { named_version: named } = await call(canvasApi.nameVersion, {
      token,
      params,
      body: { name: "Polite" },
    })
    const ada = await opened(flow.id)
    ada.edit({ type: "remove", nodes: ["greet"], edges: [] })
    await until(() => ada.isSettled)
    await call(canvasApi.restoreVersion, { token, params: { ...params, named_id: named.id } })
    await until(() => ada.draft.nodes.length === flow.nodes.length)
    const { flow: now } = await call(flowsApi.get, as(flow.id))
    expect(now.edges).toHaveLength(flow.edges.length)
    const { audit_entries = [] } = await dump(await databaseOf(tenant.id))
    expect(
      (audit_entries as { target: string; action: string; actor: string; detail: string }[])
        .filter(({ target, action }) => target === flow.id && action === "flow.restore_version")
        .map(({ actor, detail }) => [actor, JSON.parse(detail)]),
    ).toEqual([[user, { after: { named: named.id } }]])
    const listed = await call(canvasApi.namedVersions, { token, params })
    expect(listed.named_versions).toEqual([named])
    const whole = await call(canvasApi.namedVersion, { token, params: { ...params, named_id: named.id } })
    expect(whole.draft.nodes).toEqual(flow.nodes)
    await call(canvasApi.forgetVersion, { token, params: { ...params, named_id: named.id } })
    const gone = await ask(canvasApi.namedVersion, { token, params: { ...params, named_id: named.id } })
    expect(problemOf(gone)).toEqual({ status: 404, code: "flow.named_version_not_found" })
  })
})
