import { createHmac } from "node:crypto"
import { Webhook } from "standardwebhooks"
import { beforeAll, describe, expect, it, vi } from "vitest"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { triggersApi, type Trigger } from "#core/contract/triggers"
import { ask, call, fetchText, origin, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newTenant, unique, type TestTenant } from "#test/kit/tenants"

type Draft = Extract<BodyIn<typeof triggersApi.create>, { kind: "webhook" }>
type Config = NonNullable<Draft["config"]>

let tenant: TestTenant
let flow: Draft["flow_id"]
beforeAll(async () => {
  tenant = await newTenant("hooks")
  flow = await newFlow({})
})

/** A flow that gives back its inputs. */
async function newFlow(more: Partial<BodyIn<typeof flowsApi.create>>): Promise<Draft["flow_id"]> {
  const made = await call(flowsApi.create, {
    token: tenant.token,
    body: {
      name: unique("echo"),
      nodes: [
        { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
        { id: "output", type: "output", position: { x: 280, y: 0 }, data: { value: "{{ input }}" } },
      ],
      edges: [{ id: "a", source: "input", target: "output" }],
      ...more,
    },
  })
  return made.flow.id
}

const secret = "a-shared-secret-0123456789"

async function newHook(config: Config = {}, more: Partial<Draft> = {}): Promise<Trigger> {
  const isSigned = config.signature !== undefined && config.signature.kind !== "none"
  const body = {
    kind: "webhook" as const,
    flow_id: flow,
    name: unique("hook"),
    config,
    ...(isSigned ? { secret } : {}),
    ...more,
  }
  return (await call(triggersApi.create, { token: tenant.token, body })).trigger
}

type Sent = { method?: string; headers?: Record<string, string>; body?: BodyInit | null; search?: string }

const post = (trigger: Trigger, body: unknown, headers: Record<string, string> = {}) =>
  send(trigger, { body: JSON.stringify(body), headers })

async function send(trigger: Trigger, { method = "POST", headers = {}, body, search = "" }: Sent) {
  const answered = await fetchText(`${origin}${trigger.address}${search}`, {
    method,
    headers: { ...(method === "GET" ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined || body === null
      ? {}
      : { body, ...(body instanceof ReadableStream ? { duplex: "half" } : {}) }),
  } as RequestInit)
  return {
    ...answered,
    body: (answered.body ?? {}) as {
      execution_id?: string
      duplicate?: boolean
      outputs?: unknown
      captured?: boolean
    },
  }
}

const deliveries = async (trigger: Trigger) =>
  (
    await call(triggersApi.deliveries, {
      token: tenant.token,
      params: { trigger_id: trigger.id },
      query: { limit: 200 },
    })
  ).deliveries

const executionsOf = async (trigger: Trigger) =>
  (await call(executionsApi.list, { token: tenant.token, query: { actor: trigger.id, limit: 200 } }))
    .executions

const github = (body: string, by = secret) => ({
  "x-hub-signature-256": `sha256=${createHmac("sha256", by).update(body).digest("hex")}`,
})

describe("a webhook", () => {
  it("starts its flow with what was sent, and answers 202 at once", async () => {
    const hook = await newHook()
    const { status, body } = await send(hook, {
      body: JSON.stringify({ a: [1] }),
      search: "?x=1&y=2",
      headers: { "x-event": "push", authorization: "Bearer open-sesame", cookie: "c=1" },
    })
    expect([status, Object.keys(body)]).toEqual([202, ["execution_id"]])
    const execution = await vi.waitFor(async () => {
      const { execution } = await call(executionsApi.get, {
        token: tenant.token,
        params: { execution_id: body.execution_id! },
      })
      expect(execution.status).toBe("succeeded")
      return execution
    })
    expect(execution.actor).toBe(hook.id)
    expect(execution.inputs).toMatchObject({
      body: { a: [1] },
      method: "POST",
      query: { x: "1", y: "2" },
      headers: { "x-event": "push", authorization: "(hidden)", cookie: "(hidden)" },
    })
    const everything = JSON.stringify(await dump(await databaseOf(tenant.id)))
    expect(everything).not.toContain("open-sesame")
    expect(await deliveries(hook)).toMatchObject([
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
    const plain = await newHook({ inputs: "body", reply: sync })
    expect(await post(plain, { a: 1 })).toMatchObject({ status: 200, body: { outputs: { a: 1 } } })
    expect(await post(plain, [1])).toMatchObject({ body: { outputs: { body: [1] } } })
    const mapped = await newHook({
      inputs: {
        mapping: { who: "{{ input.body.user.name }}", all: "{{ input.method }} by {{ input.query.q }}" },
      },
      reply: sync,
    })
    const { body } = await send(mapped, { body: '{"user":{"name":"Ana"}}', search: "?q=z" })
    expect(body.outputs).toEqual({ who: "Ana", all: "POST by z" })
    const broken = await newHook({ inputs: { mapping: { who: "{{ $error('no') }}" } } })
    expect(problemOf(await post(broken, {}))).toEqual({ status: 422, code: "trigger.inputs_failed" })
  })

  it("reads JSON, forms and text, and nothing else", async () => {
    const hook = await newHook({
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
    const hook = await newHook({ methods: ["GET", "PUT"], dedupe: { body_window_seconds: 0 } })
    expect((await send(hook, { method: "GET" })).status).toBe(202)
    expect((await send(hook, { method: "PUT", body: "{}" })).status).toBe(202)
    for (const method of ["POST", "DELETE", "PATCH", "OPTIONS"]) {
      const answered = await send(hook, { method })
      expect([method, answered.status, answered.headers.get("allow")]).toEqual([method, 405, "GET, PUT"])
    }
  })

  it("answers with the outputs when it waits, and as it was told when they do not come", async () => {
    const slow = await newFlow({
      nodes: [
        { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
        { id: "rest", type: "wait", position: { x: 1, y: 0 }, data: { seconds: 60 } },
      ],
      edges: [{ id: "a", source: "input", target: "rest" }],
    })
    const reply = { mode: "outputs", wait_seconds: 1 } as const
    const patient = await newHook({ reply }, { flow_id: slow })
    expect((await post(patient, {})).status).toBe(202)
    const strict = await newHook({ reply: { ...reply, on_timeout: "problem" } }, { flow_id: slow })
    const answered = await post(strict, {})
    expect(problemOf(answered)).toEqual({ status: 504, code: "hook.no_outputs_yet" })
    expect(answered.body.execution_id).toMatch(/^exec_/)
    expect(await deliveries(strict)).toMatchObject([{ outcome: "accepted", status: 504 }])
  })
})

describe("deliveries that are the same", () => {
  it.each([
    [100, { id_header: "X-Delivery" }],
    [20, { body_window_seconds: 60 }],
    [20, { id_header: "X-Delivery", body_window_seconds: 60 }],
  ])("[24] %i at once start one execution, and all are answered with it", async (count, dedupe) => {
    const hook = await newHook({ dedupe })
    const answers = await Promise.all(
      Array.from({ length: count }, () => post(hook, { n: 1 }, { "x-delivery": "d-1" })),
    )
    expect(answers.filter(({ status }) => status < 200 || status > 299)).toEqual([])
    expect(new Set(answers.map(({ body }) => body.execution_id)).size).toBe(1)
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1)
    await vi.waitFor(async () => expect(await executionsOf(hook)).toHaveLength(1))
    const outcomes = (await deliveries(hook)).map(({ outcome }) => outcome)
    expect([outcomes.filter((one) => one === "accepted").length, outcomes.length]).toEqual([1, count])
  })

  it("are known by their id or by their body, whichever came before", async () => {
    const hook = await newHook({ dedupe: { id_header: "X-Delivery", body_window_seconds: 60 } })
    const one = await post(hook, { n: 1 }, { "x-delivery": "a" })
    const same = async (n: number, id: string) => (await post(hook, { n }, { "x-delivery": id })).body
    expect(await same(1, "b")).toEqual({ execution_id: one.body.execution_id, duplicate: true })
    expect(await same(2, "b")).toEqual({ execution_id: one.body.execution_id, duplicate: true })
    expect(await same(2, "c")).toEqual({ execution_id: one.body.execution_id, duplicate: true })
    expect((await same(3, "d")).duplicate).toBeUndefined()
  })

  it("are new again when their window is over, and without an id or a window at once", async () => {
    const hook = await newHook({ dedupe: { id_header: "X-Delivery", id_window_seconds: 60 } })
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
    const hook = await newHook({ signature: { kind: "github" } })
    const body = '{"action":"opened"}'
    const deliver = (id: string) =>
      send(hook, { body, headers: { ...github(body), "x-github-delivery": id } })
    const first = await deliver("1")
    expect((await deliver("2")).body).toEqual({ execution_id: first.body.execution_id, duplicate: true })
  })

  it("one that failed may be sent again", async () => {
    const broken = await newFlow({
      nodes: [{ id: "t", type: "transform", position: { x: 0, y: 0 }, data: { value: "(" } }],
      edges: [],
    })
    const hook = await newHook({ dedupe: { id_header: "X-Delivery" } }, { flow_id: broken })
    for (let i = 0; i < 2; i++) expect((await post(hook, {}, { "x-delivery": "a" })).status).toBe(422)
    const health = async () =>
      (await call(triggersApi.get, { token: tenant.token, params: { trigger_id: hook.id } })).trigger.health
    expect(await health()).toMatchObject({ status: "dead", failures_in_a_row: 2 })
    const dead = await call(triggersApi.list, { token: tenant.token, query: { status: "dead" } })
    expect(dead.triggers.map(({ id }) => id)).toEqual([hook.id])
  })
})

describe("a forged delivery", () => {
  const body = '{"amount":1}'
  const seconds = () => String(Math.floor(Date.now() / 1000))
  const hmac = (by: string, text: string) => createHmac("sha256", by).update(text).digest("hex")
  const whsec = `whsec_${Buffer.alloc(32, 3).toString("base64")}`
  const other = `whsec_${Buffer.alloc(32, 4).toString("base64")}`
  const standard = (by: string) => ({
    "webhook-id": "m",
    "webhook-timestamp": seconds(),
    "webhook-signature": new Webhook(by).sign("m", new Date(Number(seconds()) * 1000), body),
  })
  const kinds: [
    NonNullable<Config["signature"]>,
    (by: string) => Record<string, string>,
    [string, string]?,
  ][] = [
    [{ kind: "header" }, (by) => ({ "x-webhook-secret": by })],
    [{ kind: "gitlab" }, (by) => ({ "x-gitlab-token": by })],
    [{ kind: "github" }, (by) => github(body, by)],
    [
      { kind: "hmac_sha256", timestamp_header: "X-Time" },
      (by) => ({ "x-time": seconds(), "x-signature": hmac(by, `${seconds()}.${body}`) }),
    ],
    [
      { kind: "stripe" },
      (by) => ({ "stripe-signature": `t=${seconds()},v1=${hmac(by, `${seconds()}.${body}`)}` }),
    ],
    [{ kind: "standard_webhooks" }, standard, [whsec, other]],
  ]

  it.each(kinds.map((one) => [one[0].kind, ...one] as const))(
    "[9] of %s is refused with 401 and starts nothing; the right one starts",
    async (_, signature, sign, secrets) => {
      const [mine, theirs] = secrets ?? [secret, `${secret}!`]
      const hook = await newHook({ signature }, { secret: mine })
      for (const headers of [{}, sign(theirs)]) {
        expect(problemOf(await send(hook, { body, headers }))).toEqual({
          status: 401,
          code: "hook.bad_signature",
        })
      }
      expect(await deliveries(hook)).toMatchObject([
        { outcome: "refused", status: 401, execution_id: null, can_redeliver: false },
        { outcome: "refused" },
      ])
      expect((await send(hook, { body, headers: sign(mine) })).status).toBe(202)
      expect((await send(hook, { body: `${body} `, headers: sign(mine) })).status).toBe(
        signature.kind === "header" || signature.kind === "gitlab" ? 202 : 401,
      )
      const text = JSON.stringify([await deliveries(hook), await dump(await databaseOf(tenant.id))])
      for (const [name, value] of Object.entries(sign(mine)))
        if (/signature|secret|token/.test(name)) expect(text).not.toContain(value)
      expect(text).not.toContain(mine)
    },
  )

  it("fills no database: of a flood a minute's worth is kept", async () => {
    const hook = await newHook({ signature: { kind: "github" } })
    for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 10 }, () => post(hook, {})))
    expect((await deliveries(hook)).length).toBeLessThan(80)
  })
})

describe("a body", () => {
  const stream = (bytes: number, piece = 65_536, ms = 0) => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
        if (sent >= bytes) return controller.close()
        sent += piece
        controller.enqueue(new Uint8Array(piece).fill(32))
      },
    })
    return { body, sent: () => sent }
  }

  it("[25] of 50 MB is refused with 413 and not taken in, told beforehand or not", async () => {
    const hook = await newHook({ max_body_bytes: 100_000 })
    const untold = stream(50_000_000)
    expect(problemOf(await send(hook, { body: untold.body }))).toEqual({
      status: 413,
      code: "request.too_large",
    })
    expect(untold.sent()).toBeLessThan(1_000_000)
    const told = await send(hook, { body: "x".repeat(2_000_000) })
    expect(problemOf(told)).toEqual({ status: 413, code: "request.too_large" })
    expect((await send(hook, { body: JSON.stringify("x".repeat(99_000)) })).status).toBe(202)
  })

  it("[25] that comes too slowly is refused with 408", async () => {
    const hook = await newHook()
    const quotas = { hook_body_ms: 300 }
    const began = Date.now()
    const slow = stream(1_000_000, 10, 50)
    const { readRaw } = await import("#worker/services/triggers/raw-body")
    const request = new Request(`${origin}${hook.address}`, {
      method: "POST",
      body: slow.body,
      duplex: "half",
    } as RequestInit)
    await expect(readRaw(request, { mostBytes: 1_000_000, ms: quotas.hook_body_ms })).rejects.toMatchObject({
      code: "request.timeout",
    })
    expect(Date.now() - began).toBeLessThan(2_000)
  })

  it("that makes too large inputs is refused, though it is not too large itself", async () => {
    const hook = await newHook({ inputs: { mapping: { a: "{{ input.body }}", b: "{{ input.body }}" } } })
    const answered = await post(hook, "x".repeat(600_000))
    expect([413, 422]).toContain(answered.status)
    expect(await executionsOf(hook)).toEqual([])
  })
})

describe("an address", () => {
  it("is nobody else's: another tenant's, an unknown, a paused and a deleted one answer alike", async () => {
    const hook = await newHook()
    const paused = await newHook({}, { is_active: false })
    const gone = await newHook()
    await call(triggersApi.remove, { token: tenant.token, params: { trigger_id: gone.id } })
    const stranger = await newTenant("stranger")
    const token = hook.address!.split("/").at(-1)!
    const answers = [
      `/hooks/${stranger.slug}/${token}`,
      `/hooks/nobody/${token}`,
      `/hooks/${tenant.slug}/${token.slice(0, -1)}`,
      `/hooks/${tenant.slug}/${token}x`,
      `/hooks/${tenant.slug}/${token.toUpperCase()}`,
      `/hooks/${tenant.slug}`,
      `/hooks/${tenant.slug}/${token}/more`,
      paused.address!,
      gone.address!,
    ]
    for (const path of answers) {
      const answered = await fetchText(origin + path, {
        method: "POST",
        body: "{}",
        headers: { "content-type": "application/json" },
      })
      expect([path, problemOf(answered)]).toEqual([path, { status: 404, code: "hook.not_found" }])
    }
    const back = await call(triggersApi.restore, { token: tenant.token, params: { trigger_id: gone.id } })
    expect(back.trigger.address).toBe(gone.address)
    expect((await post(gone, {})).status).toBe(202)
  })

  it("that was replaced stops at once, and stands in no database", async () => {
    const hook = await newHook()
    const { trigger } = await call(triggersApi.rotate, {
      token: tenant.token,
      params: { trigger_id: hook.id },
      body: { what: "address" },
    })
    expect(trigger.address).not.toBe(hook.address)
    expect([(await post(hook, {})).status, (await post(trigger, {})).status]).toEqual([404, 202])
    const everything = JSON.stringify(await dump(await databaseOf(tenant.id)))
    expect(everything).not.toContain(trigger.address!.split("/").at(-1))
  })
})

describe("the test listener", () => {
  const as = (trigger: Trigger) => ({ token: tenant.token, params: { trigger_id: trigger.id } })

  it("captures the next delivery and shows it, and starts nothing", async () => {
    const hook = await newHook({ signature: { kind: "header" } })
    await call(triggersApi.listen, { ...as(hook), body: {} })
    expect(await call(triggersApi.heard, as(hook))).toMatchObject({ is_listening: true, delivery: null })
    expect((await post(hook, { forged: true })).status).toBe(401)
    expect((await call(triggersApi.heard, as(hook))).is_listening).toBe(true)
    const waiting = call(triggersApi.heard, { ...as(hook), query: { wait: 10 } })
    const answered = await post(hook, { a: 1 }, { "x-webhook-secret": secret })
    expect([answered.status, answered.body]).toEqual([202, { captured: true }])
    const heard = await waiting
    expect(heard).toMatchObject({
      is_listening: false,
      delivery: { outcome: "captured" },
      sample: { body: { a: 1 }, method: "POST", headers: { "x-webhook-secret": "(hidden)" } },
    })
    expect(await executionsOf(hook)).toEqual([])
    expect((await post(hook, { a: 2 }, { "x-webhook-secret": secret })).body.execution_id).toMatch(/^exec_/)
  })

  it("takes one of many at once, and starts executions beside when told to", async () => {
    const hook = await newHook()
    await call(triggersApi.listen, { ...as(hook), body: { start: false } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(hook, { n })))
    expect(answers.filter(({ body }) => body.captured)).toHaveLength(1)
    await call(triggersApi.listen, { ...as(hook), body: { start: true } })
    const both = await post(hook, { both: 1 })
    expect(both.body.execution_id).toMatch(/^exec_/)
    expect((await call(triggersApi.heard, as(hook))).sample?.body).toEqual({ both: 1 })
  })

  it("hears webhooks only, and while they are active", async () => {
    const paused = await newHook({}, { is_active: false })
    expect(problemOf(await ask(triggersApi.listen, { ...as(paused), body: {} }))).toEqual({
      status: 409,
      code: "trigger.not_listenable",
    })
  })
})

describe("delivering again", () => {
  it("starts a new execution with the same, past the check for duplicates", async () => {
    const hook = await newHook({ dedupe: { id_header: "X-Delivery" }, inputs: "body" })
    await post(hook, { n: 7 }, { "x-delivery": "a" })
    const [first] = await deliveries(hook)
    const params = { trigger_id: hook.id, delivery_id: first!.id }
    const { delivery } = await call(triggersApi.redeliver, { token: tenant.token, params })
    expect(delivery).toMatchObject({ outcome: "accepted", redelivery_of: first!.id })
    expect(delivery.execution_id).not.toBe(first!.execution_id)
    const { execution } = await call(executionsApi.get, {
      token: tenant.token,
      params: { execution_id: delivery.execution_id! },
    })
    expect(execution.inputs).toEqual({ n: 7 })
  })
})
