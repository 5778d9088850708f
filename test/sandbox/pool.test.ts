import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { begin, carryOut, isRoot, realBackend, type RealBackend } from "./kit/real-backend.ts"

let real: RealBackend
beforeAll(async () => {
  real = await realBackend(2, { python: 2, node: 1 })
  await full()
})
afterAll(() => real.close())

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until all that shall wait does. */
async function full(): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const { pool, starting } = real.backend.capacity()
    if (pool["python"] === 2 && pool["node"] === 1 && starting === 0) return
    await sleep(50)
  }
  throw new Error(`The pool is not full: ${JSON.stringify(real.backend.capacity())} ${real.log.join("\n")}`)
}

// The kernel gives a namespace's number away again when it is gone; with the time at which its first process began, it is one.
const idOf = `import os
print(os.readlink("/proc/self/ns/pid"), open("/proc/1/stat").read().rsplit(")", 1)[1].split()[19], flush=True)`
const waiting = (): number => Object.values(real.backend.capacity().pool).reduce((sum, each) => sum + each, 0)

describe("[SB12] waiting sandboxes", () => {
  it("serve one program each, and others take their place", async () => {
    const seen = new Set<string>()
    for (let i = 0; i < 5; i++) {
      await full()
      const going = begin(real.backend, { language: "python", code: `${idOf}\ninput()`, stdin: 1 })
      // Before the next one may have taken its place.
      expect(real.backend.capacity().pool["python"]).toBe(1)
      seen.add((await going.done).stdout)
    }
    expect(seen.size).toBe(5)
  })

  it("know nothing of the program before", async () => {
    const code = `import os, sys
print(sorted(os.listdir("/box")), sorted(os.listdir("/tmp")), os.environ.get("MARK"), "marked" in sys.modules)
sys.modules["marked"] = sys; os.environ["MARK"] = "x"
for path in ("/box/x", "/tmp/x"): open(path, "w")`
    for (let i = 0; i < 4; i++)
      expect(
        (await carryOut(real.backend, { language: "python", code, env: i === 0 ? { MARK: "y" } : {} }))
          .stdout,
      ).toBe(`['in', 'out'] [] ${i === 0 ? "y" : "None"} False\n`)
  })

  it("count as free places, and more runs than wait start cold", async () => {
    await full()
    expect(real.backend.capacity()).toMatchObject({ slots: 2, free: 2 })
    const both = [1, 2].map(() =>
      begin(real.backend, { language: "node", code: `console.log("up"); setInterval(() => {}, 1000)` }),
    )
    await Promise.all(both.map((each) => each.said(/up/)))
    expect(real.backend.capacity().free).toBe(0)
    for (const each of both) each.run.cancel()
    for (const each of both) expect((await each.done).outcome.status).toBe("cancelled")
  })

  it("hold the limits of the run, not those they waited with", async () => {
    await full()
    const bomb = `held = []\nwhile True: held.append(b"x" * 1_000_000)`
    const limits = { memory_mb: 48, wall_ms: 20_000 }
    const ran = await carryOut(real.backend, { language: "python", code: bomb, limits })
    expect(["memory_limit", "error"]).toContain(ran.outcome.status)
    expect(ran.outcome.usage.memory_peak).toBeLessThan(isRoot ? 70_000_000 : 300_000_000)
    await full()
    const spin = await carryOut(real.backend, {
      language: "python",
      code: "while True: pass",
      limits: { cpu_ms: 300, wall_ms: 20_000 },
    })
    expect(spin.outcome.status).toBe("cpu_limit")
    await full()
    const long = await carryOut(real.backend, {
      language: "python",
      code: "import time; time.sleep(60)",
      limits: { wall_ms: 200 },
    })
    expect(long.outcome.status).toBe("timeout")
    expect(long.outcome.usage.wall_ms).toBeGreaterThanOrEqual(200)
  })

  it("are not used for what they were not made for", async () => {
    await full()
    const disk = await carryOut(real.backend, {
      language: "python",
      code: `import os; s = os.statvfs("/box"); print(s.f_blocks * s.f_frsize >> 20)`,
      limits: { disk_mb: 48 },
    })
    expect(disk.stdout).toBe("48\n")
    const threads = `import threading, time, os
n = 0
try:
    for _ in range(150): threading.Thread(target=time.sleep, args=(30,), daemon=True).start(); n += 1
except RuntimeError: pass
print(n, flush=True); os._exit(0)`
    expect(
      (await carryOut(real.backend, { language: "python", code: threads, limits: { pids: 200 } })).stdout,
    ).toBe("150\n")
    expect(waiting()).toBe(3)
  })

  it("are replaced when they die while they wait", async () => {
    await full()
    const before = waiting()
    // Those that wait: the first processes of namespaces below our own bubblewraps.
    const outer = execFileSync("pgrep", ["-P", String(process.pid), "bwrap"], { encoding: "utf8" })
      .trim()
      .split("\n")
      .map(Number)
    expect(outer).toHaveLength(3)
    for (const pid of outer) {
      const first = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim())
      process.kill(first, "SIGKILL")
    }
    while (outer.some((pid) => existsSync(`/proc/${pid}`))) await sleep(10)
    await full()
    expect(waiting()).toBe(before)
    expect((await carryOut(real.backend, { language: "python", code: "print(1)" })).stdout).toBe("1\n")
    expect(real.backend.verdict().ready).toBe(true)
  })
})
