import { randomUUID } from "node:crypto"
import { connect } from "node:net"
import * as fc from "fast-check"
import { afterEach, describe, expect, it, vi } from "vitest"
import { RunnerProblem } from "#core/contract/sandbox"
import { audience, type Claims, sealed, secret, signed } from "../test/sandbox/kit/client.ts"
import { FakeBackend } from "../test/sandbox/kit/fake-backend.ts"
import { serve, type TestService } from "../test/sandbox/kit/service.ts"

// Real sockets and many of them: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

const open: TestService[] = []
afterEach(async () => {
  for (const service of open.splice(0)) await service.close()
})
async function start(more: Parameters<typeof serve>[1] = {}) {
  const backend = new FakeBackend()
  const service = await serve(backend, more)
  open.push(service)
  return { ...service, backend }
}
const fine = { language: "python", code: "[]" }
const codeOf = (text: string): string => RunnerProblem.parse(JSON.parse(text)).code

describe("a caller's token", () => {
  const now = Math.floor(Date.now() / 1_000)
  const claims = {
    aud: audience,
    tenant: "t",
    exp: now + 30,
    jti: randomUUID(),
    body: "0".repeat(64),
    max: {},
    net: [],
  }
  const [payload = "", signature = ""] = signed({}, JSON.stringify(fine)).split(".")
  const header = (alg: string) => Buffer.from(JSON.stringify({ alg, typ: "JWT" })).toString("base64url")
  const bad: Record<string, string> = {
    "no dot": "abc",
    "an empty signature": `${payload}.`,
    "an empty payload": `.${signature}`,
    "a third part": `${payload}.${signature}.x`,
    "a JWT without algorithm": `${header("none")}.${payload}.`,
    "a JWT": `${header("HS256")}.${payload}.${signature}`,
    "another key": signed({}, JSON.stringify(fine), "another-key-0123456789-0123456789"),
    "an empty key": signed({}, JSON.stringify(fine), ""),
    "another audience": signed({ aud: "other" }, JSON.stringify(fine)),
    "its time over": signed({ exp: now - 1 }, JSON.stringify(fine)),
    "too long a life": signed({ exp: now + 3_600 }, JSON.stringify(fine)),
    "another body": signed({}, '{"language":"python","code":"evil"}'),
    "no claims": sealed("{}"),
    "claims that are no object": sealed("[]"),
    "claims that are no JSON": sealed("{"),
    "an unknown claim": sealed(JSON.stringify({ ...claims, role: "admin" })),
    "exp as text": sealed(JSON.stringify({ ...claims, exp: String(now + 30) })),
    "exp as a fraction": sealed(JSON.stringify({ ...claims, exp: now + 30.5 })),
    "exp beyond numbers": sealed(JSON.stringify(claims).replace(String(claims.exp), "1e400")),
    "no exp": sealed(JSON.stringify({ ...claims, exp: undefined })),
    "a short jti": sealed(JSON.stringify({ ...claims, jti: "1" })),
    "no tenant": sealed(JSON.stringify({ ...claims, tenant: "" })),
    "a limit above all": signed(
      { max: { ...claims.max, wall_ms: 9e9 } } as unknown as Claims,
      JSON.stringify(fine),
    ),
    "deep claims": sealed(`{"aud":${"[".repeat(50_000)}`),
  }
  for (let at = 0; at < 24; at++) {
    const text = `${payload}.${signature}`
    const place = Math.floor((at * (text.length - 1)) / 23)
    const sign = text[place] === "A" ? "B" : "A"
    bad[`its sign ${place} turned`] = text.slice(0, place) + sign + text.slice(place + 1)
  }

  it("[TK1] is refused with anything wrong in it, and nothing is run", async () => {
    const { client, backend } = await start()
    for (const [what, token] of Object.entries(bad)) {
      const answer = await client.call("/v1/runs", { body: JSON.stringify(fine), token })
      expect([what, answer.status]).toEqual([what, 401])
      expect(answer.text).not.toContain(secret)
    }
    for (const authorization of ["", "Basic abc", `bearer ${signed()}`, `Bearer  ${signed()}`, "Bearer"])
      expect(
        (await client.call("/v1/runs", { body: "{}", token: "", headers: { authorization } })).status,
      ).toBe(401)
    expect(backend.started).toHaveLength(0)
  })

  it("[TK2] counts once", async () => {
    const { client } = await start()
    const body = JSON.stringify(fine)
    const token = signed({}, body)
    expect((await client.call("/v1/runs", { body, token })).status).toBe(200)
    const again = await client.call("/v1/runs", { body, token })
    expect([again.status, codeOf(again.text)]).toEqual([401, "auth.refused"])
  })

  it("[TK3] may be signed with the key before while keys are changed, and with no older one", async () => {
    const keys = ["new", "old", "gone"].map((name) => name.padEnd(40, "-"))
    const { client } = await start({ secrets: keys.slice(0, 2) })
    const body = JSON.stringify(fine)
    const statuses = []
    for (const key of keys)
      statuses.push((await client.call("/v1/runs", { body, token: signed({}, body, key) })).status)
    expect(statuses).toEqual([200, 200, 401])
  })

  it("[TK4] of another tenant is refused where one tenant alone is served", async () => {
    const { client } = await start({ tenant: "tenant_a" })
    await client.run(fine)
    const answer = await client.call("/v1/runs", {
      body: JSON.stringify(fine),
      claims: { tenant: "tenant_b" },
    })
    expect([answer.status, codeOf(answer.text)]).toEqual([403, "tenant.refused"])
  })

  it("[TK5] bounds where a run may connect", async () => {
    const { client, backend } = await start()
    const net = ["api.example.com:443"]
    const ask = (network: unknown) =>
      client.call("/v1/runs", { body: JSON.stringify({ ...fine, network }), claims: { net } })
    for (const other of ["api.example.com:80", "evil.example.com:443", "*:443"])
      expect((await ask({ mode: "allow", allow: [other] })).status).toBeGreaterThanOrEqual(400)
    const inject = [{ to: "other.example.com:443", header: "authorization", value: "x" }]
    expect((await ask({ mode: "allow", allow: net, inject })).status).toBe(400)
    expect(backend.started).toHaveLength(0)
  })

  it("[TK6] is asked for before a body is read", async () => {
    const { client } = await start()
    const { port } = new URL(client.address)
    const socket = connect(Number(port), "127.0.0.1")
    socket.write(
      "POST /v1/runs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n{",
    )
    const said = await new Promise<string>((resolve) =>
      socket.once("data", (data) => resolve(data.toString())),
    )
    socket.destroy()
    expect(said).toMatch(/^HTTP\/1.1 401 /)
  })
})

describe("a request", () => {
  const long = (length: number): string => "x".repeat(length)
  const bad: Record<string, unknown> = {
    "no language": { code: "" },
    "an unknown language": { ...fine, language: "ruby" },
    "neither code nor argv": { language: "python" },
    "both code and argv": { ...fine, argv: ["ls"] },
    "an empty argv": { language: "shell", argv: [] },
    "a zero byte in argv": { language: "shell", argv: ["a\0b"] },
    "code as a number": { ...fine, code: 1 },
    "an unknown field": { ...fine, sudo: true },
    "a tenant of its own": { ...fine, tenant: "tenant_b" },
    "an unknown limit": { ...fine, limits: { gpus: 1 } },
    ...Object.fromEntries(
      [
        "wall_ms",
        "cpu_ms",
        "memory_mb",
        "pids",
        "disk_mb",
        "output_bytes",
        "result_bytes",
        "artifact_bytes",
        "artifact_files",
      ].flatMap((name) =>
        [-1, 1.5, 1e300, "10", null, [1]].map((value) => [
          `${name} of ${JSON.stringify(value)}`,
          { ...fine, limits: { [name]: value } },
        ]),
      ),
    ),
    ...Object.fromEntries(
      ["/etc/passwd", "../x", "a/../../x", "a/./b", "", "a\\b", "a\0b", "..", long(501)].map((path) => [
        `a file at ${JSON.stringify(path).slice(0, 40)}`,
        { ...fine, files: [{ path, content: "" }] },
      ]),
    ),
    "a file twice": {
      ...fine,
      files: [
        { path: "a", content: "1" },
        { path: "a", content: "2" },
      ],
    },
    "a file that is no base64": { ...fine, files: [{ path: "a", content: "%%%", encoding: "base64" }] },
    "too many files": {
      ...fine,
      files: Array.from({ length: 513 }, (_, i) => ({ path: `f${i}`, content: "" })),
    },
    ...Object.fromEntries(
      [
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "GCONV_PATH",
        "GLIBC_TUNABLES",
        "BASH_ENV",
        "ENV",
        "1A",
        "A-B",
        "A=B",
        "",
        long(65),
        "Ä",
      ].map((name) => [`a variable ${JSON.stringify(name).slice(0, 40)}`, { ...fine, env: { [name]: "x" } }]),
    ),
    "an unknown network": { ...fine, network: { mode: "all" } },
    "an empty list of hosts": { ...fine, network: { mode: "allow", allow: [] } },
    ...Object.fromEntries(
      [
        "example.com",
        "example.com:0",
        "EXAMPLE.com:443",
        "http://example.com:80",
        "a b:80",
        "*.example.com:443",
        "-:80",
        "x:999999",
      ].map((host) => [`a host ${host}`, { ...fine, network: { mode: "allow", allow: [host] } }]),
    ),
    ...Object.fromEntries(
      [
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "proxy-authorization",
        "a b",
        "",
        "X-Upper",
        "a\r\nb",
      ].map((name) => [
        `an injected ${JSON.stringify(name)}`,
        {
          ...fine,
          network: {
            mode: "allow",
            allow: ["a.example:443"],
            inject: [{ to: "a.example:443", header: name, value: "x" }],
          },
        },
      ]),
    ),
    "an injected line break": {
      ...fine,
      network: {
        mode: "allow",
        allow: ["a.example:443"],
        inject: [{ to: "a.example:443", header: "x", value: "a\r\nb: c" }],
      },
    },
    "an unknown profile": { ...fine, profile: "root" },
    "a terminal without size": { ...fine, tty: { cols: 0, rows: 1 } },
    "a list": [],
    "a text": "x",
    null: null,
  }

  it("[RQ1] is refused with a reason for every malformed field, and nothing is run", async () => {
    const { client, backend } = await start()
    for (const [what, body] of Object.entries(bad)) {
      const answer = await client.call("/v1/runs", { body: JSON.stringify(body) })
      expect([what, answer.status]).toEqual([what, 400])
      expect(codeOf(answer.text)).toBe("request.malformed")
    }
    expect(Object.keys(bad).length).toBeGreaterThan(100)
    expect(backend.started).toHaveLength(0)
  })

  it("[RQ2] that is no JSON, too deep, too large or of another type gets its own answer", async () => {
    const { client } = await start()
    const post = async (body: string, headers: Record<string, string> = {}) =>
      (await client.call("/v1/runs", { body, headers })).status
    expect(await post("{")).toBe(400)
    expect(
      await post(`{"language":"python","code":"","stdin":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    ).toBe(400)
    expect(await post(JSON.stringify(fine), { "content-type": "text/plain" })).toBe(415)
    expect(await post(JSON.stringify(fine), { accept: "text/html" })).toBe(406)
    expect(await post(JSON.stringify(fine), { "idempotency-key": long(256) })).toBe(400)
    const large = JSON.stringify({ ...fine, stdin: long(17_000_000) })
    // Refused while it is on its way: the answer, or a broken pipe, depending on who is faster.
    expect(await post(large).catch(() => 413)).toBe(413)
    expect(await post(JSON.stringify({ ...fine, stdin: long(15_000_000) }))).toBe(200)
  })

  it("[RQ3] mutated at random is never our fault", async () => {
    const { client } = await start()
    const whole = JSON.stringify({
      ...fine,
      stdin: { a: [1, "x", null] },
      files: [{ path: "a", content: "b" }],
      env: { A: "b" },
      limits: { wall_ms: 5 },
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.string({ maxLength: 3 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (edits) => {
          let body = whole
          for (const [at, text] of edits) body = body.slice(0, at) + text + body.slice(at + 1)
          expect((await client.call("/v1/runs", { body })).status).toBeLessThan(500)
        },
      ),
      { numRuns: 150 },
    )
  })

  it("[RQ4] without a language the runner speaks HTTP to nobody", async () => {
    const { client } = await start()
    const { port } = new URL(client.address)
    for (const raw of [
      "\r\n\r\n",
      "GET\r\n\r\n",
      "\0\0\0\0\r\n\r\n",
      `GET /${long(100_000)} HTTP/1.1\r\n\r\n`,
      "GET http://evil/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
    ]) {
      const socket = connect(Number(port), "127.0.0.1")
      socket.on("error", () => {})
      let said = ""
      socket.on("data", (data) => (said += data.toString()))
      socket.end(raw)
      await new Promise((resolve) => socket.once("close", resolve))
      expect([raw.slice(0, 20), said.slice(0, 12)]).toEqual([
        raw.slice(0, 20),
        expect.stringMatching(/^(HTTP\/1.1 4|$)/),
      ])
    }
    await client.run(fine)
  })
})
