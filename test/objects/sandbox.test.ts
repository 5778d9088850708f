import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test"
import { env } from "cloudflare:workers"
import { beforeEach, describe, expect, it } from "vitest"
import type { TenantId } from "#core/ids"
import type { ContainerProgram, ProgramFailure } from "#core/tool/program"
import type { Env } from "#worker/env"
import { wipeAll } from "#worker/services/tenants/wipe"
import { SandboxPlace } from "#worker/tools/sandbox/place"
import { runnerOf } from "#worker/tools/sandbox/runner"
import { until } from "./kit.ts"
import { containerOf, sandboxEnv, time, type FakeContainer, type FakeSandbox } from "./sandbox-world.ts"

const { SANDBOX } = env as unknown as { SANDBOX: DurableObjectNamespace<FakeSandbox> }

let count = 0
let tenant: TenantId
let container: FakeContainer
let stub: DurableObjectStub<FakeSandbox>

beforeEach(() => {
  time.skew = 0
  tenant = `tenant_${String(count++).padStart(26, "0")}`
  const id = SANDBOX.idFromName(`${tenant}/0`)
  container = containerOf(id)
  stub = SANDBOX.get(id)
})

const runner = (key: string, more: object = {}) =>
  runnerOf({ ...sandboxEnv, SANDBOX, ...more } as unknown as Env, tenant, key)!

/** Programs with a way out may have done something; the others have not. */
function program(egress: string[] = []): ContainerProgram {
  return {
    kind: "container",
    runtime: "python",
    source: "print()",
    entrypoint: undefined,
    files: [],
    input: {},
    env: {},
    credentials: {},
    egress,
    limits: { wall_ms: 5_000 },
  }
}

function begin(key: string, more: { egress?: string[]; signal?: AbortSignal } = {}) {
  const said: string[] = []
  const job = { program: program(more.egress), tenant, run_key: key, idempotency_key: key }
  const signal = more.signal ?? new AbortController().signal
  const ended = new SandboxPlace(runner(key)).run(job, signal, (_, text) => said.push(text))
  ended.catch(() => {})
  return { said, ended }
}

const runOf = async (key: string) => {
  await until(() => container.runner?.runs.has(key) ?? false)
  return container.runner!.runs.get(key)!
}
const failure = (ended: Promise<unknown>): Promise<ProgramFailure> =>
  ended.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => error as ProgramFailure,
  )

describe("a tenant's machine", () => {
  it("[SX1] is started by the first program, once for all who ask at once, and for this tenant alone", async () => {
    const three = ["a", "b", "c"].map((key) => begin(key))
    for (const key of ["a", "b", "c"]) (await runOf(key)).end({ key })
    expect(await Promise.all(three.map(({ ended }) => ended))).toMatchObject([
      { result: { key: "a" } },
      { result: { key: "b" } },
      { result: { key: "c" } },
    ])
    expect(container.starts).toBe(1)
    expect(container.env).toEqual({
      SANDBOX_ID: "sandbox-runner",
      SANDBOX_SECRET: sandboxEnv.SANDBOX_SECRET,
      SANDBOX_TENANT: tenant,
    })
    expect(new Set(container.ports)).toEqual(new Set([8790]))
    expect(container.headers).not.toContain("x-edgecrew-tenant")
  })

  it("[SX2] is nobody else's, whoever asks for it", async () => {
    await (await stub.fetch("http://sandbox/healthz", { headers: { "x-edgecrew-tenant": tenant } })).text()
    const foreign = stub.fetch("http://sandbox/healthz", { headers: { "x-edgecrew-tenant": "tenant_b" } })
    await expect(foreign).rejects.toThrow("does not belong to")
    await expect(stub.fetch("http://sandbox/healthz")).rejects.toThrow("does not belong to")
  })

  it("[SX3] is one of several where the installation says so: the same for the same program", async () => {
    const names = new Set<string>()
    const binding = {
      idFromName: (name: string) => (names.add(name), SANDBOX.idFromName(name)),
      get: () => ({ fetch: () => Promise.resolve(new Response()) }),
    }
    const more = { SANDBOX: binding, SANDBOX_MACHINES: "3" }
    const namesOf = async (key: string) => {
      names.clear()
      for (let i = 0; i < 2; i++) await runner(key, more).fetch("/healthz", {})
      return [...names]
    }
    const all: string[][] = []
    for (let i = 0; i < 40; i++) all.push(await namesOf(`exec_${i}::step:1`))
    expect(all.every((one) => one.length === 1)).toBe(true)
    expect(new Set(all.flat())).toEqual(new Set([0, 1, 2].map((n) => `${tenant}/${n}`)))
  })

  it("[SX4] is begun anew when it has died; what it was doing is lost", async () => {
    const first = begin("a")
    // Until its beginning is heard it would simply be begun again.
    ;(await runOf("a")).say("one\n")
    await until(() => first.said.length === 1)
    container.die()
    expect(await failure(first.ended)).toMatchObject({ code: "sandbox.lost" })
    const second = begin("a")
    ;(await runOf("a")).end("again")
    expect(await second.ended).toMatchObject({ result: "again" })
    expect(container.starts).toBe(2)
  })
})

describe("a machine whose tenant is erased", () => {
  const anew = () => SANDBOX.get(stub.id)
  const kept = () =>
    runInDurableObject(anew(), async (_, { storage }) => [
      await storage.getAlarm(),
      [...(await storage.list()).keys()],
    ])

  it("[SX17] ends, and its object knows nothing of it; an alarm that comes late starts none", async () => {
    const { ended } = begin("a")
    ;(await runOf("a")).end("done")
    await ended
    expect(await kept()).toEqual([expect.any(Number), ["tenant"]])
    await wipeAll([anew])
    expect([container.running, container.destroyed]).toEqual([false, 1])
    expect(await kept()).toEqual([null, []])
    await runInDurableObject(anew(), (object) => object.alarm())
    expect([container.running, container.starts]).toEqual([false, 1])
    expect(await kept()).toEqual([null, []])
  })

  it("[SX18] is wiped where it was never started", async () => {
    await wipeAll([anew])
    expect([container.starts, container.destroyed]).toEqual([0, 0])
    expect(await kept()).toEqual([null, []])
  })
})

describe("an object that is gone in the middle of a program", () => {
  it("[SX5] is followed by another, which finds the machine; the output comes once and in order", async () => {
    const { said, ended } = begin("a", { egress: ["api.example.com:443"] })
    const run = await runOf("a")
    run.say("one\n")
    await until(() => said.length === 1)
    await abortAllDurableObjects()
    run.say("two\n")
    await until(() => said.length === 2)
    await abortAllDurableObjects()
    run.say("three\n")
    run.end({ done: true })
    expect(await ended).toMatchObject({ result: { done: true } })
    expect(said.join("")).toBe("one\ntwo\nthree\n")
    expect([container.begun, container.starts]).toEqual([["a"], 1])
    expect(run.readers).toBe(3)
  })
})

describe("a program whose connection breaks as it begins", () => {
  it("[SX6] is the same program when the runner still knows it", async () => {
    container.isBreaking = true
    const { ended } = begin("a", { egress: ["api.example.com:443"] })
    ;(await runOf("a")).end(1)
    expect(await ended).toMatchObject({ result: 1 })
    expect(container.begun).toEqual(["a"])
  })

  it("[SX7] is not begun a second time by another runner, if it may have done something", async () => {
    container.isBreaking = true
    const { ended } = begin("a", { egress: ["api.example.com:443"] })
    await until(() => container.begun.length === 1)
    container.restart()
    expect(await failure(ended)).toMatchObject({ code: "sandbox.lost" })
    expect(container.begun).toEqual(["a"])
  })

  it("[SX8] is begun again where it can reach nobody", async () => {
    container.isBreaking = true
    const { ended } = begin("a")
    await until(() => container.begun.length === 1)
    container.restart()
    ;(await runOf("a")).end(1)
    expect(await ended).toMatchObject({ result: 1 })
    expect(container.begun).toEqual(["a", "a"])
  })
})

describe("a machine that is full", () => {
  it("[SX9] is asked again when it said, under the same key, until the program has its turn", async () => {
    container.refusals.push(
      { status: 429, code: "tenant.busy", seconds: 1 },
      { status: 503, code: "runner.busy", seconds: 0 },
    )
    const since = Date.now()
    const { ended } = begin("a", { egress: ["api.example.com:443"] })
    ;(await runOf("a")).end(1)
    expect(await ended).toMatchObject({ result: 1 })
    expect(Date.now() - since).toBeGreaterThanOrEqual(1_000)
    expect(container.begun).toEqual(["a"])
  })

  it("[SX10] lets go of a program that is cancelled while it waits", async () => {
    container.refusals.push(
      ...Array.from({ length: 9 }, () => ({ status: 429, code: "tenant.busy", seconds: 30 })),
    )
    const stop = new AbortController()
    const { ended } = begin("a", { signal: stop.signal })
    await until(() => container.refusals.length < 9)
    const since = Date.now()
    stop.abort(new Error("cancelled by a person"))
    await expect(ended).rejects.toThrow("cancelled by a person")
    expect(Date.now() - since).toBeLessThan(2_000)
    expect(container.begun).toEqual([])
  })

  it("[SX11] says how long to wait when that is longer than anybody would", async () => {
    container.refusals.push({ status: 429, code: "tenant.busy", seconds: 90 })
    expect(await failure(begin("a").ended)).toMatchObject({
      code: "sandbox.unavailable",
      retry: true,
      retry_after_ms: 60_000,
    })
  })
})

describe("a machine that nobody uses", () => {
  const idle = async () => {
    time.skew += 61_000
    await runDurableObjectAlarm(stub)
  }
  const used = async () => {
    const { ended } = begin("a")
    ;(await runOf("a")).end(1)
    await ended
  }

  it("[SX12] is stopped after a while, and started again when it is wanted", async () => {
    await used()
    await runDurableObjectAlarm(stub)
    expect(container.destroyed).toBe(0)
    await idle()
    expect([container.destroyed, container.running]).toEqual([1, false])
    await used()
    expect(container.starts).toBe(2)
  })

  it("[SX13] is not stopped while somebody listens to a program", async () => {
    const { ended } = begin("a")
    const run = await runOf("a")
    await idle()
    await idle()
    expect(container.destroyed).toBe(0)
    run.end(1)
    await ended
    await idle()
    expect(container.destroyed).toBe(1)
  })

  it("[SX14] is asked what it does by an object that has forgotten everything", async () => {
    await used()
    // A program that nobody listens to.
    container.runner!.runs.get("a")!.frames.pop()
    await evictDurableObject(stub)
    await idle()
    expect(container.destroyed).toBe(0)
    container.runner!.runs.get("a")!.end(1)
    await evictDurableObject(stub)
    await idle()
    expect(container.destroyed).toBe(1)
  })

  it("[SX15] is stopped when it does not even answer", async () => {
    await used()
    container.isMute = true
    await idle()
    expect(container.destroyed).toBe(1)
  })
})

describe("a machine that runs and does not speak", () => {
  it("[SX16] is given up, and whoever asked is told to come again", async () => {
    container.isMute = true
    const asked = stub.fetch("http://sandbox/healthz", { headers: { "x-edgecrew-tenant": tenant } })
    await until(() => container.running)
    time.skew += 61_000
    const answer = await asked
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"])
    expect(await answer.json()).toMatchObject({ code: "sandbox.not_ready" })
    expect([container.destroyed, container.running]).toEqual([1, false])
  })
})
