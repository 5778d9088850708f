import { beforeAll, describe, expect, it, vi } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { triggersApi } from "#core/contract/triggers"
import { call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { github, HookWorld, post, send } from "#test/kit/hooks"
import { type TestTenant } from "#test/kit/tenants"

let world: HookWorld
let tenant: TestTenant
beforeAll(async () => {
  world = await HookWorld.make()
  tenant = world.tenant
})

describe("a webhook", () => {
  it("starts its flow with what was sent, and answers 202 at once", async () => {
    const hook = await world.newHook()
    const { status, body } = await send(hook, {
      body: JSON.stringify({ a: [1] }),
      search: "?x=1&y=2",
      headers: {
        "x-event": "push",
        authorization: "Bearer open-sesame",
        cookie: "c=1",
        "x-acme-secret": "open-sesame too",
        "x-hub-signature-256": "sha256=open-sesame",
      },
    })
    expect([status, Object.keys(body)]).toEqual([202, ["execution_id"]])
    const execution = await vi.waitFor(
      async () => {
        const { execution } = await call(executionsApi.get, {
          token: tenant.token,
          params: { execution_id: body.execution_id! },
        })
        expect(execution.status).toBe("succeeded")
        return execution
      },
      { timeout: 10_000 },
    )
    expect(execution.actor).toBe(hook.id)
    expect(execution.inputs).toMatchObject({
      body: { a: [1] },
      method: "POST",
      query: { x: "1", y: "2" },
      headers: {
        "x-event": "push",
        authorization: "(hidden)",
        cookie: "(hidden)",
        "x-acme-secret": "(hidden)",
        "x-hub-signature-256": "(hidden)",
      },
    })
    const everything = JSON.stringify(await dump(await databaseOf(tenant.id)))
    expect(everything).not.toContain("open-sesame")
    expect(await world.deliveries(hook)).toMatchObject([
      {
        outcome: "accepted",
        status: 202,
        execution_id: body.execution_id,
        method: "POST",
        body_excerpt: '{"a":[1]}',
        body_bytes: 9,
        can_redeliver: true,
      },
    ])
    const { trigger } = await call(triggersApi.get, { token: tenant.token, params: { trigger_id: hook.id } })
    expect(trigger.health).toMatchObject({ status: "ok", failures_in_a_row: 0 })
    expect(trigger.last_fired_at).not.toBeNull()
  })

  it("makes inputs of the body alone, or by a mapping", async () => {
    const sync = { mode: "outputs", wait_seconds: 10 } as const
    const plain = await world.newHook({ inputs: "body", reply: sync })
    expect(await post(plain, { a: 1 })).toMatchObject({ status: 200, body: { outputs: { a: 1 } } })
    expect(await post(plain, [1])).toMatchObject({ body: { outputs: { body: [1] } } })
    const mapped = await world.newHook({
      inputs: {
        mapping: { who: "{{ input.body.user.name }}", all: "{{ input.method }} by {{ input.query.q }}" },
      },
      reply: sync,
    })
    const { body } = await send(mapped, { body: '{"user":{"name":"Ana"}}', search: "?q=z" })
    expect(body.outputs).toEqual({ who: "Ana", all: "POST by z" })
    const broken = await world.newHook({ inputs: { mapping: { who: "{{ $error('no') }}" } } })
    expect(problemOf(await post(broken, {}))).toEqual({ status: 422, code: "trigger.inputs_failed" })
  })

  it("reads JSON, forms and text, and nothing else", async () => {
    const hook = await world.newHook({
      reply: { mode: "outputs" },
      inputs: { mapping: { it: "{{ input.body }}" } },
    })
    const sent = async (type: string, body: string) =>
      (await send(hook, { body, headers: { "content-type": type } })).body.outputs
    expect(await sent("application/vnd.api+json; charset=utf-8", '{"a":1}')).toEqual({ it: { a: 1 } })
    expect(await sent("application/x-www-form-urlencoded", "a=1&b=x+y&a=2&__proto__=3")).toEqual({
      it: { a: ["1", "2"], b: "x y" },
    })
    expect(await sent("text/plain", "hello")).toEqual({ it: "hello" })
    for (const [type, body, status, code] of [
      ["application/xml", "<a/>", 415, "request.unsupported_type"],
      ["application/json", "{", 400, "request.malformed"],
      ["application/json", '{"a":1,"a":2}', 400, "request.invalid"],
    ] as const) {
      expect(problemOf(await send(hook, { body, headers: { "content-type": type } }))).toMatchObject({
        status,
        code,
      })
    }
    expect(problemOf(await send(hook, { body: new Uint8Array([0x22, 0xff, 0x22]) }))).toMatchObject({
      status: 400,
      code: "request.malformed",
    })
  })

  it("takes the methods that it was told to, and says which", async () => {
    const hook = await world.newHook({ methods: ["GET", "PUT"], dedupe: { body_window_seconds: 0 } })
    expect((await send(hook, { method: "GET" })).status).toBe(202)
    expect((await send(hook, { method: "PUT", body: "{}" })).status).toBe(202)
    for (const method of ["POST", "DELETE", "PATCH", "OPTIONS"]) {
      const answered = await send(hook, { method })
      expect([method, answered.status, answered.headers.get("allow")]).toEqual([method, 405, "GET, PUT"])
    }
  })

  it("answers with the outputs when it waits, and as it was told when they do not come", async () => {
    const slow = await world.newFlow({
      nodes: [
        { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
        { id: "rest", type: "wait", position: { x: 1, y: 0 }, data: { seconds: 60 } },
      ],
      edges: [{ id: "a", source: "input", target: "rest" }],
    })
    const reply = { mode: "outputs", wait_seconds: 1 } as const
    const patient = await world.newHook({ reply }, { flow_id: slow })
    expect((await post(patient, {})).status).toBe(202)
    const strict = await world.newHook({ reply: { ...reply, on_timeout: "problem" } }, { flow_id: slow })
    const answered = await post(strict, {})
    expect(problemOf(answered)).toEqual({ status: 504, code: "hook.no_outputs_yet" })
    expect(answered.body.execution_id).toMatch(/^exec_/)
    expect(await world.deliveries(strict)).toMatchObject([{ outcome: "accepted", status: 504 }])
  })
})

describe("deliveries that are the same", () => {
  it.each([
    [100, { id_header: "X-Delivery" }],
    [20, { body_window_seconds: 60 }],
    [20, { id_header: "X-Delivery", body_window_seconds: 60 }],
  ])("[24] %i at once start one execution, and all are answered with it", async (count, dedupe) => {
    const hook = await world.newHook({ dedupe })
    const answers = await Promise.all(
      Array.from({ length: count }, () => post(hook, { n: 1 }, { "x-delivery": "d-1" })),
    )
    expect(answers.filter(({ status }) => status < 200 || status > 299)).toEqual([])
    expect(new Set(answers.map(({ body }) => body.execution_id)).size).toBe(1)
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1)
    await vi.waitFor(async () => expect(await world.executionsOf(hook)).toHaveLength(1), { timeout: 10_000 })
    const outcomes = (await world.deliveries(hook)).map(({ outcome }) => outcome)
    expect([outcomes.filter((one) => one === "accepted").length, outcomes.length]).toEqual([1, count])
  })

  it("are known by their id or by their body, whichever came before", async () => {
    const hook = await world.newHook({ dedupe: { id_header: "X-Delivery", body_window_seconds: 60 } })
    const one = await post(hook, { n: 1 }, { "x-delivery": "a" })
    const same = async (n: number, id: string) => (await post(hook, { n }, { "x-delivery": id })).body
    expect(await same(1, "b")).toEqual({ execution_id: one.body.execution_id, duplicate: true })
    expect(await same(2, "b")).toEqual({ execution_id: one.body.execution_id, duplicate: true })
    expect(await same(2, "c")).toEqual({ execution_id: one.body.execution_id, duplicate: true })
    expect((await same(3, "d")).duplicate).toBeUndefined()
  })

  it("are new again when their window is over, and without an id or a window at once", async () => {
    const hook = await world.newHook({ dedupe: { id_header: "X-Delivery", id_window_seconds: 60 } })
    const first = await post(hook, {}, { "x-delivery": "a" })
    expect((await post(hook, {}, { "x-delivery": "a" })).body.duplicate).toBe(true)
    expect((await post(hook, {})).body.duplicate).toBeUndefined()
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 })
    const later = await post(hook, {}, { "x-delivery": "a" })
    vi.useRealTimers()
    expect(later.body.duplicate).toBeUndefined()
    expect(later.body.execution_id).not.toBe(first.body.execution_id)
  })

  it("GitHub's ids are not signed, so a replay under another id is known by its body", async () => {
    const hook = await world.newHook({ signature: { kind: "github" } })
    const body = '{"action":"opened"}'
    const deliver = (id: string) =>
      send(hook, { body, headers: { ...github(body), "x-github-delivery": id } })
    const first = await deliver("1")
    expect((await deliver("2")).body).toEqual({ execution_id: first.body.execution_id, duplicate: true })
  })

  it("one that failed may be sent again", async () => {
    const broken = await world.newFlow({
      nodes: [{ id: "t", type: "transform", position: { x: 0, y: 0 }, data: { value: "(" } }],
      edges: [],
    })
    const hook = await world.newHook({ dedupe: { id_header: "X-Delivery" } }, { flow_id: broken })
    for (let i = 0; i < 2; i++) expect((await post(hook, {}, { "x-delivery": "a" })).status).toBe(422)
    const health = async () =>
      (await call(triggersApi.get, { token: tenant.token, params: { trigger_id: hook.id } })).trigger.health
    expect(await health()).toMatchObject({ status: "dead", failures_in_a_row: 2 })
    const dead = await call(triggersApi.list, { token: tenant.token, query: { status: "dead" } })
    expect(dead.triggers.map(({ id }) => id)).toEqual([hook.id])
  })
})
