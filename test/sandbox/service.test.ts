import { once } from "node:events"
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { WebSocket } from "ws"
import type { RunFrame } from "#core/contract/sandbox"
import { signed } from "./kit/client.ts"
import { groupsOf, familyOf, isRoot, leftOf, memoryOf } from "./kit/host.ts"
import { Runner, type RunnerOptions } from "./kit/runner.ts"

const ordinary = 65_534
const users: [who: string, options: RunnerOptions][] = isRoot
  ? [
      ["root", {}],
      ["an ordinary user", { uid: ordinary, settings: { SANDBOX_PROFILE: "dev" } }],
    ]
  : [["an ordinary user", { settings: { SANDBOX_PROFILE: "dev" } }]]

for (const [who, options] of users)
  describe(`a runner of ${who}`, () => {
    let runner: Runner
    let port = 0
    const seen: { url: string | undefined; authorization: string | undefined }[] = []
    const shop = createServer((req, res) => {
      seen.push({ url: req.url, authorization: req.headers.authorization })
      res.end("from outside")
    })
    beforeAll(async () => {
      shop.listen(0, "127.0.0.1")
      await once(shop, "listening")
      port = (shop.address() as AddressInfo).port
      const settings = { ...options.settings, SANDBOX_EGRESS_ALLOW: `127.0.0.1:${port}` }
      runner = await Runner.start({ ...options, settings })
      expect(runner.output).not.toContain("not ready")
    })
    afterAll(async () => {
      shop.close()
      await runner.stop()
    })

    it.each([
      [
        "python",
        "import json, sys; d = json.load(sys.stdin); print(d['n'] + 1); open('/box/out/o.txt', 'w').write(open('/box/in/a/i.txt').read()); import os; os.write(3, b'{\"r\":[1]}')",
      ],
      [
        "node",
        "const fs = require('node:fs'); const d = JSON.parse(fs.readFileSync(0, 'utf8')); console.log(d.n + 1); fs.writeFileSync('/box/out/o.txt', fs.readFileSync('/box/in/a/i.txt')); fs.writeSync(3, '{\"r\":[1]}')",
      ],
      [
        "shell",
        'read -r line; echo $(( $(echo "$line" | tr -dc 0-9) + 1 )); cat /box/in/a/i.txt > /box/out/o.txt; echo \'{"r":[1]}\' >&3',
      ],
    ])("[SV1] %s takes JSON and files and gives output, a result and artefacts", async (language, code) => {
      const files = [{ path: "a/i.txt", content: "ein Wört" }]
      const result = await runner.client.run({ language, code, stdin: { n: 41 }, files })
      expect(result).toMatchObject({
        status: "ok",
        exit_code: 0,
        stdout: "42\n",
        stderr: "",
        result: { r: [1] },
        result_error: null,
        artifacts_error: null,
      })
      expect(result.artifacts).toEqual([
        { path: "o.txt", size: 9, b64: Buffer.from("ein Wört").toString("base64") },
      ])
      expect(result.usage.wall_ms).toBeGreaterThan(0)
    })

    it("[SV2] output is there while the program still runs", async () => {
      const frames: RunFrame[] = []
      let id = ""
      for await (const frame of runner.client.stream({ language: "shell", code: "echo first; sleep 30" })) {
        frames.push(frame)
        if (frame.type === "started") id = frame.id
        if (frame.type === "stdout") await runner.client.call(`/v1/runs/${id}`, { method: "DELETE" })
      }
      expect(frames.map(({ type }) => type)).toEqual(["started", "stdout", "exit"])
      expect(frames.at(-1)).toMatchObject({ status: "cancelled" })
    })

    it("[SV3] calls out through its proxy alone, with a secret that it never has", async () => {
      const to = `127.0.0.1:${port}`
      const network = {
        mode: "allow",
        allow: [to],
        inject: [{ to, header: "authorization", value: "Bearer s3cret" }],
      }
      const code = [
        "import os, urllib.request, urllib.error, socket",
        "os.environ.pop('no_proxy'); os.environ.pop('NO_PROXY')",
        `print(urllib.request.urlopen('http://${to}/python').read().decode())`,
        "try: urllib.request.urlopen('http://169.254.169.254/'); print('reached')",
        "except urllib.error.HTTPError as error: print(error.code)",
        `try: socket.create_connection(('127.0.0.1', ${port}), 2); print('reached')`,
        "except OSError: print('no way')",
        "print([k for k, v in os.environ.items() if 's3cret' in v])",
      ].join("\n")
      const result = await runner.client.run({ language: "python", code, network })
      expect([result.stdout, result.stderr]).toEqual(["from outside\n403\nno way\n[]\n", ""])
      expect(seen.at(-1)).toEqual({ url: "/python", authorization: "Bearer s3cret" })
      const none = await runner.client.run({
        language: "python",
        code: "import os; print([k for k in os.environ if 'proxy' in k.lower()])",
      })
      expect(none.stdout).toBe("[]\n")
    })

    it("[SV4] a socket feeds it, sizes its terminal and interrupts it", async () => {
      const body = {
        language: "shell",
        code: "trap 'echo caught; stty size; exit 7' INT; echo ready; while read -r line; do echo got $line; done",
        io: "open",
        tty: { cols: 80, rows: 24 },
        profile: "agent",
      }
      const res = await runner.client.open("/v1/runs", {
        body: JSON.stringify(body),
        headers: { accept: "application/x-ndjson" },
      })
      res.resume()
      const address = `${runner.client.address.replace("http", "ws")}/v1/runs/${String(res.headers["x-run-id"])}/io`
      const socket = new WebSocket(address, { headers: { authorization: `Bearer ${signed()}` } })
      let text = ""
      let last: RunFrame | undefined
      socket.on("message", (data: Buffer) => {
        last = JSON.parse(data.toString()) as RunFrame
        if (last.type === "stdout") text += last.d ?? ""
      })
      await once(socket, "open")
      await expect.poll(() => text, { timeout: 10_000 }).toContain("ready")
      socket.send(JSON.stringify({ type: "stdin", d: "hello\n" }))
      await expect.poll(() => text, { timeout: 10_000 }).toContain("got hello")
      socket.send(JSON.stringify({ type: "resize", cols: 100, rows: 30 }))
      socket.send(JSON.stringify({ type: "signal", name: "SIGINT" }))
      await once(socket, "close")
      expect(text).toContain("caught")
      expect(text).toContain("30 100")
      expect(last).toMatchObject({ type: "exit", exit_code: 7 })
    })

    it("[SV5] 100 MB of output neither grow the runner nor hold up others", async () => {
      const pid = runner.child.pid ?? 0
      const flood = (headers: Record<string, string>) =>
        runner.client.open("/v1/runs", {
          body: JSON.stringify({
            language: "python",
            code: "import os\nb = b'x' * 65536\nfor _ in range(1600): os.write(1, b)",
            limits: { output_bytes: 8_388_608 },
          }),
          headers,
        })
      const before = memoryOf(pid)
      let most = before
      const watch = setInterval(() => (most = Math.max(most, memoryOf(pid))), 5)
      const res = await flood({ accept: "application/x-ndjson" })
      const other = runner.client.run(
        { language: "shell", code: "echo quick" },
        { claims: { tenant: "tenant_b" } },
      )
      let bytes = 0
      for await (const chunk of res) bytes += (chunk as Buffer).length
      expect((await other).stdout).toBe("quick\n")
      clearInterval(watch)
      expect(bytes).toBeGreaterThan(8_000_000)
      expect(bytes).toBeLessThan(9_500_000)
      expect(most - before).toBeLessThan(32_000_000)
    })

    it("[SV6] nothing is left after many runs of every kind and end", async () => {
      const pid = runner.child.pid ?? 0
      const kinds: Record<string, unknown>[] = [
        { language: "python", code: "print(1)" },
        { language: "node", code: "console.log(1)" },
        { language: "shell", code: "echo 1; sleep 60 & setsid sleep 60 &" },
        { language: "python", code: "while True: pass", limits: { wall_ms: 150 } },
        { language: "python", code: "raise SystemExit(3)" },
        { language: "shell", code: "yes", limits: { output_bytes: 1_000 } },
      ]
      const lane = async (tenant: string): Promise<void> => {
        for (let i = 0; i < 24; i++)
          await runner.client.run(kinds[i % kinds.length] ?? {}, { claims: { tenant } })
      }
      await lane("tenant_a")
      const before = memoryOf(pid)
      await Promise.all(["tenant_a", "tenant_b"].map(lane))
      expect(memoryOf(pid) - before).toBeLessThan(30_000_000)
      const strangers = (): string[] =>
        familyOf(pid)
          .map(({ command }) => command)
          .filter((command) => /sleep|yes|SystemExit/.test(command))
      await expect.poll(strangers, { timeout: 5_000 }).toEqual([])
      expect(familyOf(pid).filter(({ state }) => state === "Z").length).toBeLessThanOrEqual(1)
      expect(readdirSync(join(runner.stateDir, "egress"))).toEqual([])
    })
  })

describe("the end of a runner", () => {
  const slow = { language: "shell", code: "sleep 600 & setsid sleep 600 & wait" }
  const start = () => Runner.start(isRoot ? {} : { settings: { SANDBOX_PROFILE: "dev" } })
  const busy = async (runner: Runner): Promise<number[]> => {
    const res = await runner.client.open("/v1/runs", {
      body: JSON.stringify(slow),
      headers: { accept: "application/x-ndjson" },
    })
    res.on("error", () => {}).resume()
    await expect
      .poll(
        () => familyOf(runner.child.pid ?? 0).filter(({ command }) => command.startsWith("sleep")).length,
        { timeout: 10_000 },
      )
      .toBe(2)
    return familyOf(runner.child.pid ?? 0).map(({ pid }) => pid)
  }

  it("[SV7] killed in the middle of runs, it leaves no process, time after time", async () => {
    for (let i = 0; i < 3; i++) {
      const runner = await start()
      const family = await busy(runner)
      await runner.kill()
      expect(await leftOf(family)).toEqual([])
      rmSync(runner.stateDir, { recursive: true, force: true })
    }
  })

  it("[SV8] asked to end, it ends its runs, tidies up and says so", async () => {
    const runner = await start()
    const family = await busy(runner)
    const own = (): string[] => groupsOf(runner.stateDir)
    if (isRoot) expect(own().length).toBeGreaterThan(0)
    expect(await runner.stop()).toBe(0)
    expect(await leftOf(family)).toEqual([])
    expect(own()).toEqual([])
  })

  it("[SV9] without isolation it runs nothing and says why; strict, it does not even start", async () => {
    const tools = mkdtempSync(join(tmpdir(), "edgecrew-path-"))
    // Everything but bubblewrap.
    for (const name of ["sh", "stat", "mkfifo", "tar", "env", "setpriv"])
      symlinkSync(`/usr/bin/${name}`, join(tools, name))
    const settings = { PATH: tools, SANDBOX_PROFILE: isRoot ? "auto" : "dev" }
    const runner = await Runner.start({ settings })
    try {
      const readiness = await runner.client.call("/readyz", { token: "" })
      expect([readiness.status, readiness.text]).toEqual([
        503,
        expect.stringContaining("bubblewrap is missing"),
      ])
      const refused = await runner.client.call("/v1/runs", {
        body: JSON.stringify({ language: "shell", code: "echo ran" }),
      })
      expect([refused.status, refused.text]).toEqual([503, expect.stringContaining("sandbox.unavailable")])
      expect((await runner.client.call("/healthz", { token: "" })).status).toBe(200)
    } finally {
      await runner.stop()
    }
    await expect(Runner.start({ settings: { ...settings, SANDBOX_STRICT: "1" } })).rejects.toThrow(
      /exit code 78/,
    )
    rmSync(tools, { recursive: true, force: true })
  })

  it("[SV10] wrong settings are named, their values are not", async () => {
    const settings = { SANDBOX_SECRET: "hush", SANDBOX_SLOTS: "many" }
    const error = await Runner.start({ settings }).catch((one: unknown) => String(one))
    expect(error).toMatch(/exit code 78[^]*SANDBOX_SECRET[^]*SANDBOX_SLOTS/)
    expect(error).not.toContain("hush")
  })

  it("[SV11] its key is gone from its environment once it is read", async () => {
    const runner = await start()
    const result = await runner.client.run({
      language: "shell",
      code: "env; cat /proc/1/environ; cat /proc/self/environ",
    })
    expect(result.stdout).not.toContain("SANDBOX_SECRET")
    expect(
      familyOf(runner.child.pid ?? 0).some(({ command }) => command.includes("a-secret-of-the-tests")),
    ).toBe(false)
    await runner.stop()
  })
})
