import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, it, vi } from "vitest"
import { RunFrame, RunnerCapabilities, RunnerProblem, RunResult } from "#core/contract/sandbox"
import { type Answer, type Client, framesOf, signed } from "../test/sandbox/kit/client.ts"
import { FakeBackend, type Step } from "../test/sandbox/kit/fake-backend.ts"
import { metricsToken, serve, type TestService } from "../test/sandbox/kit/service.ts"
import { bytesOf } from "./utf8.ts"

// Real sockets and many of them: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

const program = (...steps: Step[]) => ({ language: "python", code: JSON.stringify(steps) })
const open: TestService[] = []
afterEach(async () => {
  for (const service of open.splice(0)) await service.close()
})
async function start(backend = new FakeBackend(), more: Parameters<typeof serve>[1] = {}) {
  const service = await serve(backend, more)
  open.push(service)
  return { ...service, backend }
}
const collect = async (frames: AsyncIterable<RunFrame>): Promise<RunFrame[]> => {
  const all: RunFrame[] = []
  for await (const frame of frames) all.push(RunFrame.parse(frame))
  return all
}
const problemOf = (answer: Answer) => {
  expect(answer.headers["content-type"]).toBe("application/problem+json")
  const problem = RunnerProblem.parse(JSON.parse(answer.text))
  expect(problem.status).toBe(answer.status)
  return [answer.status, problem.code] as const
}
const post = (client: Client, request: unknown, headers: Record<string, string> = {}) =>
  client.call("/v1/runs", { body: JSON.stringify(request), headers })

describe("a run", () => {
  it("[SR1] answers with everything at once as JSON", async () => {
    const { client } = await start()
    const tar = Buffer.alloc(1_024).toString("base64")
    const result = await client.run(
      program({ out: "a" }, { err: "b" }, { out: "c" }, { result: '{"n":1}' }, { archive: tar }),
    )
    expect(RunResult.parse(result)).toEqual(result)
    expect(result).toMatchObject({
      status: "ok",
      exit_code: 0,
      stdout: "ac",
      stderr: "b",
      result: { n: 1 },
      result_error: null,
      artifacts: [],
    })
  })

  it("[SR2] streams frames with rising numbers and ends with exit", async () => {
    const { client } = await start()
    const frames = await collect(client.stream(program({ out: "a" }, { err: "b" }, { result: "[1]" })))
    expect(frames.map(({ type }) => type)).toEqual(["started", "stdout", "stderr", "exit"])
    expect(frames.map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
    expect(frames.at(-1)).toMatchObject({ status: "ok", result: [1] })
    expect(frames.at(-1)).not.toHaveProperty("stdout")
  })

  it("[SR3] no output can pose as a frame, and characters are never cut", async () => {
    const { client } = await start()
    const forged = '"}\n{"type":"exit","seq":9,"status":"ok"}\n'
    const euro = Buffer.from("€")
    const steps: Step[] = [
      { out: forged },
      { bytes: euro.subarray(0, 1).toString("base64") },
      { bytes: euro.subarray(1).toString("base64") },
      { bytes: Buffer.from([0xff, 0x00, 0x80]).toString("base64") },
    ]
    const frames = await collect(client.stream(program(...steps)))
    expect(frames.map(({ type }) => type)).toEqual(["started", "stdout", "stdout", "stdout", "exit"])
    const out = frames.filter((frame) => frame.type === "stdout")
    expect(out.map((frame) => frame.d ?? "bytes")).toEqual([forged, "€", "bytes"])
    expect(bytesOf(out[2]!)).toEqual(Buffer.from([0xff, 0x00, 0x80]))
  })

  it("[SR4] says why a result cannot be taken", async () => {
    const { client } = await start()
    const errorOf = async (...steps: Step[]) => (await client.run(program(...steps))).result_error
    expect(await errorOf({ result: "{" })).toMatch(/not JSON/)
    expect(await errorOf({ result: "\xff" })).toMatch(/not UTF-8/)
    expect(await errorOf({ result: "[".repeat(65) + "]".repeat(65) })).toMatch(/deeper than 64/)
    expect(await errorOf({ result: `"${"x".repeat(262_144)}"` })).toMatch(/larger than 262144/)
    expect(await client.run(program({ result: '{"__proto__":{"x":1},"y":2}' }))).toMatchObject({
      result: { y: 2 },
    })
    expect(await client.run(program({ archive: "eHh4" }))).toMatchObject({
      artifacts: [],
      artifacts_error: expect.stringMatching(/breaks off/),
    })
  })

  it("[SR5] bounds limits by the token and refuses those above the profile", async () => {
    const { client, backend } = await start()
    const small = {
      wall_ms: 500,
      cpu_ms: 400,
      memory_mb: 64,
      pids: 8,
      disk_mb: 4,
      output_bytes: 10,
      result_bytes: 10,
      artifact_bytes: 10,
      artifact_files: 1,
    }
    await client.run(program(), { claims: { max: small } })
    expect(backend.started.at(-1)?.request.limits).toEqual(small)
    const asked = { ...program(), limits: { wall_ms: 300 } }
    await client.run(asked, { claims: { max: small } })
    expect(backend.started.at(-1)?.request.limits.wall_ms).toBe(300)
    const answer = await post(client, { ...program(), limits: { wall_ms: 60_001 } })
    expect(problemOf(answer)).toEqual([400, "limits.too_high"])
    await client.run({ ...program(), limits: { wall_ms: 60_001 }, profile: "agent" })
    expect(backend.started.at(-1)?.request.limits.wall_ms).toBe(60_001)
  })

  it("[SR6] ends when it is deleted, and only by its own tenant", async () => {
    const { client } = await start()
    const res = await client.open("/v1/runs", {
      body: JSON.stringify(program({ until: "cancel" })),
      headers: { accept: "application/x-ndjson" },
    })
    const id = String(res.headers["x-run-id"])
    const frames = collect(framesOf(res))
    const foreign = await client.call(`/v1/runs/${id}`, { method: "DELETE", claims: { tenant: "tenant_b" } })
    const unknown = await client.call(`/v1/runs/run_${"0".repeat(32)}`, { method: "DELETE" })
    expect(foreign.text).toBe(unknown.text)
    expect(problemOf(foreign)).toEqual([404, "run.unknown"])
    const answer = await client.call(`/v1/runs/${id}`, { method: "DELETE" })
    expect(JSON.parse(answer.text)).toEqual({ id, status: "cancelled" })
    expect((await frames).at(-1)).toMatchObject({ type: "exit", status: "cancelled" })
    expect((await client.call(`/v1/runs/${id}`, { method: "DELETE" })).status).toBe(200)
  })

  it("[SR7] is cancelled when nobody listens any more, others are not", async () => {
    const { client, backend } = await start(new FakeBackend(), { orphanMs: 50 })
    const others = client.run(program({ wait: 400 }, { out: "kept" }))
    const left = await client.open("/v1/runs", {
      body: JSON.stringify(program({ until: "cancel" })),
      headers: { accept: "application/x-ndjson" },
    })
    left.destroy()
    expect((await others).stdout).toBe("kept")
    await expect.poll(() => backend.capacity().free).toBe(4)
  })
})

describe("re-attaching", () => {
  it("[SR8] goes on after any number, byte for byte", async () => {
    const { client } = await start()
    const steps = Array.from({ length: 20 }, (_, i): Step[] => [{ out: `line ${i}\n` }, { wait: 2 }]).flat()
    const first = await client.open("/v1/runs", {
      body: JSON.stringify(program(...steps)),
      headers: { accept: "application/x-ndjson" },
    })
    const id = String(first.headers["x-run-id"])
    const seen: RunFrame[] = []
    for await (const frame of framesOf(first)) {
      seen.push(frame)
      if (seen.length === 5) break
    }
    const rest = await collect(framesOf(await client.open(`/v1/runs/${id}/events?after=5`)))
    const again = await collect(framesOf(await client.open(`/v1/runs/${id}/events`)))
    expect([...seen, ...rest]).toEqual(again)
    expect(
      again
        .filter((frame) => frame.type === "stdout")
        .map((frame) => frame.d)
        .join(""),
    ).toBe(Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join(""))
    expect(problemOf(await client.call(`/v1/runs/${id}/events?after=x`))).toEqual([400, "request.malformed"])
  })

  it("[SR9] tells what is no longer kept as a gap", async () => {
    const { client } = await start()
    const res = await client.open("/v1/runs", {
      body: JSON.stringify(program({ wait: 20 }, { flood: 3_000_000 })),
      headers: { accept: "application/x-ndjson" },
    })
    const id = String(res.headers["x-run-id"])
    const whole = await collect(framesOf(res))
    const late = await collect(framesOf(await client.open(`/v1/runs/${id}/events?after=0`)))
    expect(whole.filter(({ type }) => type === "stdout")).toHaveLength(Math.ceil(3_000_000 / 65_536))
    const [gap, ...rest] = late
    if (gap?.type !== "gap") throw new Error("no gap was told")
    expect(gap.seq).toBe(gap.missed)
    expect(rest).toEqual(whole.slice(gap.missed))
  })

  it("[SR10] a reader that stalls holds its own program back and nobody else", async () => {
    const { client } = await start()
    const before = process.memoryUsage.rss()
    const stalled = await client.open("/v1/runs", {
      body: JSON.stringify(program({ flood: 100_000_000 })),
      headers: { accept: "application/x-ndjson" },
    })
    stalled.pause()
    for (let i = 0; i < 20; i++)
      expect((await client.run(program({ out: "ok" }), { claims: { tenant: "tenant_b" } })).stdout).toBe("ok")
    await sleep(300)
    expect(process.memoryUsage.rss() - before).toBeLessThan(64_000_000)
    stalled.destroy()
  })
})

describe("an idempotency key", () => {
  it("[SR11] stands for one run, however often it is sent", async () => {
    const { client, backend } = await start()
    const request = program({ wait: 30 }, { out: "once" })
    const key = { "idempotency-key": "exec_1:step_1" }
    const answers = await Promise.all([1, 2, 3].map(() => post(client, request, key)))
    answers.push(await post(client, request, key))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    expect(backend.started).toHaveLength(1)
    expect(problemOf(await post(client, program({ out: "other" }), key))).toEqual([422, "key.reused"])
    const other = await client.call("/v1/runs", {
      body: JSON.stringify(request),
      headers: key,
      claims: { tenant: "tenant_b" },
    })
    expect(other.status).toBe(200)
    expect(backend.started).toHaveLength(2)
  })

  it("[SR12] of a run that never began may be used again", async () => {
    const backend = new FakeBackend()
    const { client } = await start(backend)
    backend.verdictNow = { ready: false, reason: "the network is shared", at: Date.now() }
    const key = { "idempotency-key": "k" }
    const refused = await post(client, program(), key)
    expect(problemOf(refused)).toEqual([503, "sandbox.unavailable"])
    expect(refused.text).toContain("the network is shared")
    expect(backend.started).toHaveLength(0)
    backend.verdictNow = { ready: true, at: Date.now() }
    expect((await post(client, program(), key)).status).toBe(200)
  })
})

describe("the queue", () => {
  it("[SR13] lets no tenant hold more than its share, and nobody more than there is", async () => {
    const backend = new FakeBackend(4)
    const { client } = await start(backend)
    const runs = (tenant: string, count: number) =>
      Array.from({ length: count }, () => client.run(program({ wait: 10 }), { claims: { tenant } }))
    await Promise.all(runs("tenant_a", 12))
    expect(backend.mostAtOnce).toBe(2)
    await Promise.all(["tenant_a", "tenant_b", "tenant_c"].flatMap((tenant) => runs(tenant, 6)))
    expect(backend.mostAtOnce).toBeLessThanOrEqual(4)
    expect(backend.started).toHaveLength(30)
  })

  it("[SR14] answers 429 to a tenant that has its share, 503 when all is full, each with a time to come back", async () => {
    const backend = new FakeBackend(2)
    const { client } = await start(backend, { waitMs: 50, maxWaiting: 2 })
    const busy = (tenant: string) =>
      client.call("/v1/runs", { body: JSON.stringify(program({ wait: 600 })), claims: { tenant } })
    const first = busy("tenant_a")
    await expect.poll(() => backend.started.length).toBe(1)
    const second = await busy("tenant_a")
    expect([problemOf(second), second.headers["retry-after"]]).toEqual([[429, "tenant.busy"], "1"])
    const other = busy("tenant_b")
    await expect.poll(() => backend.started.length).toBe(2)
    const third = await busy("tenant_c")
    expect([problemOf(third), third.headers["retry-after"]]).toEqual([[503, "runner.busy"], "1"])
    expect(await Promise.all([first, other])).toMatchObject([{ status: 200 }, { status: 200 }])
  })

  it("[SR15] forgets who left while waiting", async () => {
    const backend = new FakeBackend(1)
    const { client, runs } = await start(backend)
    const first = client.run(program({ wait: 1_000 }))
    await expect.poll(() => backend.started.length).toBe(1)
    const hangUp = new AbortController()
    const leaving = client.call("/v1/runs", { body: JSON.stringify(program()), signal: hangUp.signal })
    await expect.poll(() => runs.queue.waiting).toBe(1)
    hangUp.abort()
    await expect(leaving).rejects.toThrow(/abort/)
    await expect.poll(() => runs.queue.waiting).toBe(0)
    await first
    expect(backend.started).toHaveLength(1)
  })

  it("[SR19] lets nobody in any more once the runner goes down, and ends who is in", async () => {
    const { client, runs, backend } = await start()
    const inside = client.run(program({ until: "cancel" }))
    await expect.poll(() => backend.started.length).toBe(1)
    await runs.close()
    expect((await inside).status).toBe("cancelled")
    const late = await post(client, program())
    expect([problemOf(late), late.headers["retry-after"]]).toEqual([[503, "runner.busy"], "1"])
    expect(backend.started).toHaveLength(1)
  })
})

describe("one start of a runner", () => {
  it("[SR20] has a name, and begins no program that was meant for another", async () => {
    const { client, backend } = await start()
    const { headers } = await client.call("/healthz", { token: "" })
    const named = (boot: string) => post(client, program({ out: "x" }), { "x-runner-boot": boot })
    expect(problemOf(await named("another"))).toEqual([409, "runner.other"])
    expect(backend.started).toHaveLength(0)
    expect((await named(String(headers["x-runner-boot"]))).status).toBe(200)
    expect(backend.started).toHaveLength(1)
  })
})

describe("what is looked at from outside", () => {
  it("[SR16] health is open and tells nothing, readiness tells the verdict, the rest wants a token", async () => {
    const backend = new FakeBackend()
    const { client } = await start(backend)
    expect((await client.call("/healthz", { token: "" })).text).toBe('{"ok":true}')
    expect(JSON.parse((await client.call("/readyz", { token: "" })).text)).toMatchObject({
      ready: true,
      reason: null,
    })
    backend.verdictNow = { ready: false, reason: "seccomp is off", at: 0 }
    const answer = await client.call("/readyz", { token: "" })
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      503,
      { ready: false, reason: "seccomp is off", checked_at: null },
    ])
    for (const path of ["/v1/capabilities", "/metrics"]) {
      expect(problemOf(await client.call(path, { token: "" }))).toEqual([401, "auth.required"])
      expect((await client.call(path)).status).toBe(200)
    }
    expect(RunnerCapabilities.parse(JSON.parse((await client.call("/v1/capabilities")).text)).ready).toBe(
      false,
    )
    expect((await client.call("/metrics", { token: metricsToken })).text).toContain(
      "edgecrew_sandbox_ready 0",
    )
    expect((await client.call("/metrics", { token: `${metricsToken}x` })).status).toBe(401)
  })

  it("[SR17] metrics count runs by status and name no tenant", async () => {
    const { client } = await start()
    await client.run(program({ out: "x" }))
    await client.run(program({ end: { status: "timeout" } }))
    await client.call("/v1/nothing")
    const { text } = await client.call("/metrics")
    expect(text).toContain('edgecrew_sandbox_runs_total{language="python",status="ok"} 1')
    expect(text).toContain('edgecrew_sandbox_runs_total{language="python",status="timeout"} 1')
    expect(text).toContain('edgecrew_sandbox_refusals_total{code="route.unknown"} 1')
    expect(text).toContain("edgecrew_sandbox_first_byte_seconds_count 1")
    expect(text).not.toContain("tenant_a")
    for (const line of text.trimEnd().split("\n"))
      expect(line).toMatch(
        /^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? [\d.e+-]+)$/,
      )
  })

  it("[SR18] answers other methods and addresses with their own words", async () => {
    const { client } = await start()
    const answer = await client.call("/v1/runs", { method: "PUT", body: "{}" })
    expect([problemOf(answer), answer.headers["allow"]]).toEqual([[405, "method.refused"], "POST"])
    for (const path of [
      "/",
      "/v1",
      "/v1/runs/run_x/events",
      "/v1/runs/../../etc/passwd",
      "/%2e%2e/",
      "/healthz/",
    ])
      expect([path, (await client.call(path, { token: signed() })).status]).toEqual([path, 404])
    expect(problemOf(await client.call(`/v1/runs/run_${"a".repeat(32)}/io`))).toEqual([
      400,
      "request.malformed",
    ])
  })
})
