import { readdirSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { needSandbox } from "../../scripts/lib/sandbox.ts"
import type { Client } from "../sandbox/kit/client.ts"
import { familyOf, groupsOf, memoryOf } from "../sandbox/kit/host.ts"
import { Runner } from "../sandbox/kit/runner.ts"
import { quantile } from "./load.ts"
import { machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

type Asked = Record<string, unknown>

/** Programs of all kinds and ends. */
const usual: readonly Asked[] = [
  { language: "python", code: "print(1)" },
  { language: "node", code: "console.log(1)" },
  { language: "shell", code: "echo 1; setsid sleep 600 & sleep 600 &" },
  { language: "python", code: "while True: pass", limits: { wall_ms: 50 } },
  { language: "shell", code: "yes", limits: { output_bytes: 1_000 } },
  { language: "python", code: "import os; open('/box/out/a', 'w').write('x' * 100000); os._exit(3)" },
  {
    language: "shell",
    code: "echo $HTTPS_PROXY | wc -c; cat in/a",
    files: [{ path: "a", content: "a" }],
    network: { mode: "allow", allow: ["nowhere.example:443"] },
  },
]

const limits = { wall_ms: 300, memory_mb: 64 }
/** Programs that do their worst for a moment. */
const attacks: readonly Asked[] = [
  { language: "python", code: "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass", limits },
  { language: "python", code: "b = []\nwhile True: b.append(bytearray(1 << 20))", limits },
  { language: "python", code: "import os\nwhile True: os.write(1, b'x' * 65536)", limits },
  { language: "shell", code: "i=0; while :; do echo > /tmp/$i; i=$((i+1)); done", limits },
]
/** One of so many is an attack. */
const attackEach = 50
const lanes = 3

/** Runs so many programs of all kinds, three at a time. */
export async function mixedRuns(client: Client, count: number, ended: () => void = () => {}): Promise<void> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) {
      const n = next++
      const isAttack = n % attackEach === attackEach - 1
      const kinds = isAttack ? attacks : usual
      await client.run(kinds[(isAttack ? Math.floor(n / attackEach) : n) % kinds.length] ?? {})
      ended()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** Waits until the pool is full and nothing starts: what is there then is there to stay. */
export async function rested(client: Client, pool: number): Promise<void> {
  for (;;) {
    const { pool: warm } = JSON.parse((await client.call("/v1/capabilities")).text) as {
      pool: Record<string, number>
    }
    if (["python", "node"].every((language) => (warm[language] ?? 0) >= pool)) return
    await sleep(10)
  }
}

interface State {
  processes: number
  groups: number
  files: number
  memory: number
}

const stateOf = (runner: Runner): State => ({
  processes: familyOf(runner.child.pid ?? 0).length,
  groups: groupsOf(runner.stateDir).length,
  files: readdirSync(runner.stateDir, { recursive: true }).length,
  memory: memoryOf(runner.child.pid ?? 0),
})

/** Enough for its memory to have found its level. */
const warmUp = 400
const mostMemoryMb = 30

export interface Soaked {
  /** More than there was before, each kind. */
  left: State
  /** Answers of /healthz meanwhile, ms. */
  health: number[]
  perSecond: number
}

/** What many programs leave behind them on one runner, and how soon it answers meanwhile. */
export async function soak(
  client: Client,
  runner: Runner,
  runs: number,
  say: (line: string) => void = () => {},
): Promise<Soaked> {
  await mixedRuns(client, Math.min(runs, warmUp))
  await rested(client, 2)
  const before = stateOf(runner)
  const health: number[] = []
  const watching = { isOn: true }
  const watch = (async () => {
    for (; watching.isOn; await sleep(20)) {
      const since = performance.now()
      await client.call("/healthz", { token: "" })
      health.push(performance.now() - since)
    }
  })()
  const since = performance.now()
  let done = 0
  await mixedRuns(client, runs, () => {
    const grown = (memoryOf(runner.child.pid ?? 0) - before.memory) / 1e6
    if (++done % 1_000 === 0) say(`  ${done} of ${runs} programs, the runner has grown by ${short(grown)} MB`)
  })
  const seconds = (performance.now() - since) / 1_000
  watching.isOn = false
  await watch
  await rested(client, 2)
  await sleep(500)
  const after = stateOf(runner)
  const left = {
    processes: after.processes - before.processes,
    groups: after.groups - before.groups,
    files: after.files - before.files,
    memory: after.memory - before.memory,
  }
  return { left, health, perSecond: runs / seconds }
}

/** `npm run bench:sandbox -- soak`: ten thousand programs. Answers with what should not be. */
export async function benchSoak(runs: number): Promise<string[]> {
  await needSandbox()
  const isRoot = process.getuid?.() === 0
  const runner = await Runner.start({
    settings: { SANDBOX_TENANT: "tenant_a", ...(isRoot ? {} : { SANDBOX_PROFILE: "dev" }) },
  })
  try {
    const { left, health, perSecond } = await soak(runner.client, runner, runs, (line) => console.log(line))
    const sorted = health.toSorted((a, b) => a - b)
    const megabytes = left.memory / 1e6
    const rows = [
      ["programs", String(runs), ""],
      ["a second, 3 at a time", short(perSecond), ""],
      ["processes left", String(left.processes), "0"],
      ["control groups left", String(left.groups), "0"],
      ["files left", String(left.files), "0"],
      ["the runner's memory", `${megabytes < 0 ? "" : "+"}${short(megabytes)} MB`, `+${mostMemoryMb} MB`],
      ["/healthz meanwhile: p50", `${short(quantile(sorted, 0.5))} ms`, ""],
      ["/healthz meanwhile: p99", `${short(quantile(sorted, 0.99))} ms`, "500 ms"],
      ["/healthz meanwhile: longest", `${short(quantile(sorted, 1))} ms`, ""],
    ]
    console.log(`\n${machineLine()}\n\n${table(["A soak of the sandbox", "is", "goal"], rows)}`)
    const faults = (["processes", "groups", "files"] as const).flatMap((kind) =>
      left[kind] > 0 ? [`${left[kind]} ${kind} are left`] : [],
    )
    return megabytes > mostMemoryMb ? [...faults, `the runner has grown by ${short(megabytes)} MB`] : faults
  } finally {
    await runner.stop()
  }
}
