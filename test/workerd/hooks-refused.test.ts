import { createHmac } from "node:crypto"
import { Webhook } from "standardwebhooks"
import { beforeAll, describe, expect, it } from "vitest"
import { triggersApi } from "#core/contract/triggers"
import { readRaw } from "#worker/services/triggers/raw-body"
import { call, fetchText, origin, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { github, type HookConfig, HookWorld, post, secret, send } from "#test/kit/hooks"
import { newTenant, type TestTenant } from "#test/kit/tenants"

let world: HookWorld
let tenant: TestTenant
beforeAll(async () => {
  world = await HookWorld.make()
  tenant = world.tenant
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
    NonNullable<HookConfig["signature"]>,
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
      const hook = await world.newHook({ signature }, { secret: mine })
      for (const headers of [{}, sign(theirs)]) {
        expect(problemOf(await send(hook, { body, headers }))).toEqual({
          status: 401,
          code: "hook.bad_signature",
        })
      }
      expect(await world.deliveries(hook)).toMatchObject([
        { outcome: "refused", status: 401, execution_id: null, can_redeliver: false },
        { outcome: "refused" },
      ])
      expect((await send(hook, { body, headers: sign(mine) })).status).toBe(202)
      expect((await send(hook, { body: `${body} `, headers: sign(mine) })).status).toBe(
        signature.kind === "header" || signature.kind === "gitlab" ? 202 : 401,
      )
      const text = JSON.stringify([await world.deliveries(hook), await dump(await databaseOf(tenant.id))])
      for (const [name, value] of Object.entries(sign(mine)))
        if (/signature|secret|token/.test(name)) expect(text).not.toContain(value)
      expect(text).not.toContain(mine)
    },
  )

  it("fills no database: of a flood a minute's worth is kept", async () => {
    const hook = await world.newHook({ signature: { kind: "github" } })
    for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 10 }, () => post(hook, {})))
    expect((await world.deliveries(hook)).length).toBeLessThan(80)
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
    const hook = await world.newHook({ max_body_bytes: 100_000 })
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
    const hook = await world.newHook()
    const quotas = { hook_body_ms: 300 }
    const began = Date.now()
    const slow = stream(1_000_000, 10, 50)
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
    const hook = await world.newHook({
      inputs: { mapping: { a: "{{ input.body }}", b: "{{ input.body }}" } },
    })
    const answered = await post(hook, "x".repeat(600_000))
    expect([413, 422]).toContain(answered.status)
    expect(await world.executionsOf(hook)).toEqual([])
  })
})

describe("an address", () => {
  it("is nobody else's: another tenant's, an unknown, a paused and a deleted one answer alike", async () => {
    const hook = await world.newHook()
    const paused = await world.newHook({}, { is_active: false })
    const gone = await world.newHook()
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
    const hook = await world.newHook()
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
