import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { RunRequest } from "../../core/contract/sandbox.ts"
import { openBackend } from "../../sandbox-runner/isolation/open.ts"
import { begin, carryOut, isRoot, realBackend, resultOf, type RealBackend } from "./kit/real-backend.ts"

let real: RealBackend
beforeAll(async () => void (real = await realBackend(2)))
afterAll(() => real.close())

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const shell = (code: string, more = {}) => carryOut(real.backend, { language: "shell", code, ...more })

/** Our children that nobody has reaped. */
const zombies = (): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, "utf8")
        const ours = /^PPid:\s+(\d+)$/m.exec(status)?.[1] === String(process.pid)
        return ours && /^State:\s+Z/m.test(status) ? [pid] : []
      } catch {
        return []
      }
    })

describe("[SB9] traps that were stepped into before", () => {
  it("every limit of a process is set, also the second one", async () => {
    const { stdout } = await shell(
      "ulimit -c; ulimit -n; ulimit -f; ulimit -t; ulimit -u; ulimit -Hc; ulimit -Hn",
      {
        limits: { disk_mb: 7, cpu_ms: 2_500, pids: 20 },
      },
    )
    expect(stdout).toBe(`0\n256\n${7 * 1_024}\n4\n21\n0\n256\n`)
  })

  it("a program may open /dev/stderr, /dev/stdout and /dev/stdin by name", async () => {
    const ran = await shell(
      "echo out > /dev/stdout; echo err > /dev/stderr; cat /dev/stdin; echo three > /dev/fd/3",
      { stdin: "in" },
    )
    expect(ran).toMatchObject({ stdout: 'out\n"in"', stderr: "err\n", outcome: { status: "ok" } })
    expect(ran.outcome.result?.toString()).toBe("three\n")
  })

  it("a word with a zero byte begins no word of its own", async () => {
    const bind = "x\0--bind\0/\0/host"
    for (const request of [
      { language: "shell", code: "ls /host", env: { A: bind } },
      { language: "shell", argv: ["/bin/ls", bind] },
    ] as const)
      expect(RunRequest.safeParse(request).success).toBe(false)
    const request = { ...RunRequest.parse({ language: "shell", code: "ls /host" }), env: { A: bind } }
    const run = real.backend.start({ id: "run_zero", request }, { started() {}, stdout() {}, stderr() {} })
    expect(await run.done).toMatchObject({ status: "sandbox_error", reason: "The sandbox did not start." })
    expect(real.backend.capacity()).toMatchObject({ free: 2 })
  })

  it("words of the supervisor's shell are programs like others", async () => {
    for (const argv of [["exit", "0"], ["fail"], ["eval", "echo x"]])
      expect((await carryOut(real.backend, { language: "shell", argv })).outcome).toMatchObject({
        status: "error",
        exit_code: 127,
      })
    expect(await carryOut(real.backend, { language: "shell", argv: ["echo", "-n", "x"] })).toMatchObject({
      stdout: "x",
      outcome: { status: "ok" },
    })
  })

  it("a folder that others could change is not taken", async () => {
    const dir = mkdtempSync(join(tmpdir(), "edgecrew-open-"))
    chmodSync(dir, 0o777)
    const options = {
      profile: isRoot ? ("strong" as const) : ("dev" as const),
      slots: 1,
      pool: { python: 0, node: 0 },
      rootfs: null,
    }
    expect(await openBackend({ ...options, stateDir: dir, log: () => {} })).toMatchObject({
      backend: null,
      reason: expect.stringContaining("nobody else can write"),
    })
    rmSync(dir, { recursive: true })
  })

  it("a cancel that comes late ends nobody else's run", async () => {
    const first = begin(real.backend, { language: "shell", code: "true" })
    await first.done
    const next = [1, 2].map(() =>
      begin(real.backend, { language: "shell", code: "echo up; sleep 0.5; echo whole" }),
    )
    await Promise.all(next.map((each) => each.said(/up/)))
    first.run.cancel()
    first.run.signal("SIGKILL")
    first.run.stdin(null)
    for (const each of next)
      expect(await each.done).toMatchObject({ stdout: "up\nwhole\n", outcome: { status: "ok" } })
  })

  it("a cancel ends the whole tree at once and is told as one", async () => {
    const going = begin(real.backend, {
      language: "shell",
      code: "trap '' TERM; (setsid sleep 600 &) ; echo up; sleep 600",
    })
    await going.said(/up/)
    going.run.cancel()
    going.run.cancel()
    expect((await going.done).outcome).toMatchObject({ status: "cancelled", exit_code: null, signal: null })
  })

  it("a run may be cancelled before it has begun", async () => {
    const going = begin(real.backend, { language: "shell", code: "sleep 600" })
    going.run.cancel()
    expect((await going.done).outcome.status).toBe("cancelled")
  })

  it("without a slot nothing starts, and it is said", async () => {
    const both = [1, 2].map(() => begin(real.backend, { language: "shell", code: "echo up; sleep 600" }))
    await Promise.all(both.map((each) => each.said(/up/)))
    expect(real.backend.capacity()).toMatchObject({ slots: 2, free: 0 })
    expect((await shell("true")).outcome).toMatchObject({
      status: "sandbox_error",
      reason: "Every slot is taken.",
    })
    for (const each of both) each.run.cancel()
    await Promise.all(both.map((each) => each.done))
    expect(real.backend.capacity().free).toBe(2)
  })

  it("what a run used is its own, not its predecessor's", async () => {
    const large = `import time\nheld = bytearray(b"x" * 120_000_000)\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass`
    for (const code of [large, large])
      expect((await carryOut(real.backend, { language: "python", code })).outcome.status).toBe("ok")
    for (let i = 0; i < 4; i++) {
      const { outcome } = await shell("true")
      expect(outcome.usage.memory_peak).toBeLessThan(60_000_000)
      expect(outcome.usage.cpu_ms).toBeLessThan(250)
    }
  })

  it("no zombie is left, whoever ended the run", async () => {
    for (const code of ["true", "sleep 600 & disown", "kill -9 $$", "kill -9 2; sleep 600", "sleep 600"])
      await shell(code, { limits: { wall_ms: 300 } })
    await sleep(50)
    expect(zombies()).toEqual([])
  })

  it("nothing of a run is there for the next one", async () => {
    const code = `import os, json
seen = [os.listdir(path) for path in ("/box", "/box/in", "/box/out", "/tmp", "/dev/shm", "/dev/mqueue") if os.path.exists(path)]
for path in ("/box/x", "/tmp/x", "/dev/shm/x", "/box/in/x", "/box/out/x"): open(path, "w").write("left")
os.write(3, json.dumps(seen).encode())`
    for (let i = 0; i < 3; i++) {
      const { outcome } = await carryOut(real.backend, {
        language: "python",
        argv: ["/usr/bin/python3", "-c", code],
      })
      expect(resultOf(outcome)).toEqual(
        [["in", "out"], [], [], [], []].map((each) =>
          each.length === 2 ? expect.arrayContaining(each) : each,
        ),
      )
    }
  })

  it("memory that belongs to no process is refused where nobody counts it", async () => {
    const code = "import os\ntry: os.memfd_create('x'); print('made')\nexcept OSError as e: print(e.errno)"
    const { stdout } = await carryOut(real.backend, { language: "python", code })
    expect(stdout).toBe(isRoot ? "made\n" : "38\n")
  })

  it("a reader that does not read holds the program back, and its end is whole all the same", async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const sizes: number[] = []
    const going = begin(
      real.backend,
      {
        language: "shell",
        code: "head -c 3000000 /dev/zero; echo done >&2",
        limits: { output_bytes: 8_000_000 },
      },
      { stdout: (bytes) => (sizes.push(bytes.length), held), stderr: () => {} },
    )
    await sleep(400)
    const before = sizes.reduce((sum, size) => sum + size, 0)
    expect(before).toBeLessThan(400_000)
    release()
    const { outcome, stdout } = await going.done
    expect(outcome.status).toBe("ok")
    expect(stdout.length).toBe(3_000_000)
  })
})

describe.runIf(isRoot)("[SB10] a slot whose processes cannot be ended", () => {
  const freezer = "/sys/fs/cgroup/freezer/edgecrew-test-frozen"
  // Only v1 can freeze a process so that SIGKILL waits.
  it.runIf(existsSync("/sys/fs/cgroup/freezer/tasks"))("is locked away until it is empty", async () => {
    const groups = join(
      "/sys/fs/cgroup/pids",
      `edgecrew-${createHash("sha256").update(real.stateDir).digest("hex").slice(0, 12)}`,
    )
    const going = begin(real.backend, { language: "shell", code: "echo up; sleep 600" })
    await going.said(/up/)
    const slot = readdirSync(groups)
      .map((each) => join(groups, each, "tasks"))
      .find((tasks) => existsSync(tasks) && readFileSync(tasks, "utf8") !== "")
    if (slot === undefined) throw new Error("no slot is in use")
    const stuck = spawn("sleep", ["600"])
    mkdirSync(freezer, { recursive: true })
    try {
      writeFileSync(join(freezer, "tasks"), String(stuck.pid))
      writeFileSync(join(freezer, "freezer.state"), "FROZEN")
      writeFileSync(slot, String(stuck.pid))
      going.run.cancel()
      expect((await going.done).outcome).toMatchObject({
        status: "sandbox_error",
        reason: "The program's processes could not be ended.",
      })
      expect(real.backend.capacity()).toMatchObject({ quarantined: 1 })
      expect(real.log.join("\n")).toContain("is locked away")
    } finally {
      writeFileSync(join(freezer, "freezer.state"), "THAWED")
      stuck.kill("SIGKILL")
    }
    for (let i = 0; i < 50 && real.backend.capacity().quarantined > 0; i++) await sleep(100)
    expect(real.backend.capacity()).toMatchObject({ quarantined: 0, free: 2 })
    expect((await shell("echo again")).stdout).toBe("again\n")
    rmdirSync(freezer)
  })
})

it("[SB11] closing leaves no group, no folder and no process", async () => {
  const other = await realBackend(1, { python: 1, node: 1 })
  const going = begin(other.backend, { language: "shell", code: "echo up; sleep 600" })
  await going.said(/up/)
  const groups = (): string[] =>
    isRoot && existsSync("/sys/fs/cgroup/pids")
      ? readdirSync("/sys/fs/cgroup/pids").filter((each) => each.startsWith("edgecrew-"))
      : []
  const before = groups().length
  await other.close()
  expect((await going.done).outcome.status).toBe("cancelled")
  expect(groups().length).toBe(Math.max(0, before - (isRoot ? 1 : 0)))
  expect(existsSync(other.stateDir)).toBe(false)
  // The backend of the other tests looks at itself after a quarantine; that ends by itself.
  const left = (): string =>
    spawnSync("pgrep", ["-P", String(process.pid), "bwrap"], { encoding: "utf8" }).stdout
  await expect.poll(left, { timeout: 10_000 }).toBe("")
})
