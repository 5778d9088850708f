import { spawn } from "node:child_process"
import { Agent } from "node:http"
import { setTimeout as sleep } from "node:timers/promises"
import { needSandbox } from "../../scripts/lib/sandbox.ts"
import { Client } from "../sandbox/kit/client.ts"
import { memoryOf } from "../sandbox/kit/host.ts"
import { Runner } from "../sandbox/kit/runner.ts"
import { quantile } from "./load.ts"
import { machineLine } from "./machine.ts"
import { flowsWithPrograms } from "./sandbox-flows.ts"
import { rested, soak } from "./sandbox-soak.ts"
import { short, table } from "./table.ts"

export interface SandboxEffort {
  rounds: number
  seconds: number
  /** Mixed runs after which is looked at what they left. */
  runs: number
}

type Row = { what: string; is: string; most: string; floor?: string; ratio?: string }
type Language = "python" | "node" | "shell"

const programs: Record<Language, { code: string; bare: [string, ...string[]] }> = {
  python: { code: "print(1)", bare: ["/usr/bin/python3", "-I", "-c", "print(1)"] },
  node: { code: "console.log(1)", bare: [process.execPath, "-e", "console.log(1)"] },
  shell: { code: "echo 1", bare: ["/bin/sh", "-c", "echo 1"] },
}
const samplesPerRound = 12

const ms = (value: number): string => `${short(value)} ms`
const at = (values: readonly number[], q: number): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    q,
  )
const both = (values: readonly number[]): string =>
  `${short(at(values, 0.5))} / ${short(at(values, 0.95))} ms`

interface Took {
  first: number
  exit: number
}

/** A program without walls, from spawn to its first byte and to its end. */
function bareRun([program, ...args]: [string, ...string[]]): Promise<Took> {
  const since = performance.now()
  let first = Number.NaN
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], env: {} })
  child.stdout.once("data", () => (first = performance.now() - since))
  return new Promise((resolve) =>
    child.once("close", () => resolve({ first, exit: performance.now() - since })),
  )
}

async function run(client: Client, language: Language): Promise<Took> {
  const since = performance.now()
  let first = Number.NaN
  for await (const frame of client.stream({ language, code: programs[language].code })) {
    if (frame.type === "stdout") first = performance.now() - since
    if (frame.type === "exit" && frame.status !== "ok")
      throw new Error(`${language} ended with ${frame.status}: ${frame.reason}`)
  }
  return { first, exit: performance.now() - since }
}

class Bench {
  readonly rows: Row[] = []
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 })

  async with(
    settings: Record<string, string>,
    work: (client: Client, runner: Runner) => Promise<void>,
  ): Promise<void> {
    const root = process.getuid?.() === 0
    const runner = await Runner.start({
      settings: { SANDBOX_TENANT: "tenant_a", ...(root ? {} : { SANDBOX_PROFILE: "dev" }), ...settings },
    })
    try {
      await work(new Client(runner.client.address, this.#agent), runner)
    } finally {
      await runner.stop()
    }
  }

  /** Warm starts beside bare ones, in turns. */
  async warm(client: Client, rounds: number): Promise<void> {
    const goals = { python: ["5 / 12", "10 / 20"], node: ["6 / 15", "15 / 30"] } as const
    for (const language of ["python", "node"] as const) {
      const walls: Took[] = []
      const bare: Took[] = []
      for (let i = 0; i < rounds * samplesPerRound; i++) {
        await rested(client, 2)
        await sleep(20)
        walls.push(await run(client, language))
        bare.push(await bareRun(programs[language].bare))
      }
      const [firstGoal, exitGoal] = goals[language]
      const compare = (key: keyof Took) => ({
        floor: both(bare.map((one) => one[key])),
        ratio: short(
          at(
            walls.map((one) => one[key]),
            0.5,
          ) /
            at(
              bare.map((one) => one[key]),
              0.5,
            ),
        ),
      })
      this.rows.push(
        {
          what: `${language}, warm: POST to first byte, p50 / p95`,
          is: both(walls.map(({ first }) => first)),
          most: `${firstGoal} ms`,
          ...compare("first"),
        },
        {
          what: `${language}, warm: POST to exit, tree gone`,
          is: both(walls.map(({ exit }) => exit)),
          most: `${exitGoal} ms`,
          ...compare("exit"),
        },
      )
    }
  }

  /** Cold starts over bare ones, in turns, without a pool that would refill meanwhile. */
  async cold(client: Client, rounds: number): Promise<void> {
    for (const language of ["shell", "python", "node"] as const) {
      const walls: number[] = []
      const bare: number[] = []
      for (let i = 0; i < rounds * samplesPerRound; i++) {
        walls.push((await run(client, language)).first)
        bare.push((await bareRun(programs[language].bare)).first)
      }
      const more = at(walls, 0.5) - at(bare, 0.5)
      this.rows.push({
        what: `${language}, cold: first byte over a bare start, p50`,
        is: `${more < 0 ? "-" : "+"}${ms(Math.abs(more))}`,
        most: "+15 ms",
        floor: ms(at(bare, 0.5)),
        ratio: short(at(walls, 0.5) / at(bare, 0.5)),
      })
    }
  }

  /** As many as can be run, beside as many bare ones, in windows that take turns. */
  async sustained(client: Client, { rounds, seconds }: SandboxEffort): Promise<void> {
    const goals = { shell: 70, python: 45, node: 28 }
    for (const language of ["shell", "python", "node"] as const) {
      const rates: Record<"walls" | "bare", number[]> = { walls: [], bare: [] }
      for (let i = 0; i < rounds; i++) {
        rates.walls.push(await rate(seconds, () => run(client, language)))
        rates.bare.push(await rate(seconds, () => bareRun(programs[language].bare)))
      }
      const [walls, bare] = [at(rates.walls, 0.5), at(rates.bare, 0.5)]
      this.rows.push({
        what: `${language}, fresh runs a second, 3 at a time`,
        is: short(walls),
        most: `≥ ${goals[language]} or 0.6 ×`,
        floor: short(bare),
        ratio: short(walls / bare),
      })
    }
  }

  /** How soon the runner answers while programs do their worst. */
  async health(client: Client): Promise<void> {
    const attacks: Record<string, string> = {
      "a fork bomb": "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
      "a memory bomb": "b = []\nwhile True: b.append(bytearray(1 << 20))",
      "a flood of output": "import os\nwhile True: os.write(1, b'x' * 65536)",
      "endless loops": "import os\nos.fork()\nwhile True: pass",
    }
    for (const [name, code] of Object.entries(attacks)) {
      const attack = client.run({
        language: "python",
        code,
        limits: { wall_ms: 1_500, output_bytes: 8_388_608 },
      })
      const times: number[] = []
      const state = { isOver: false }
      void attack.then(() => (state.isOver = true))
      for (let i = 0; i < 50 || (!state.isOver && i < 300); i++) {
        const since = performance.now()
        await client.call("/healthz")
        times.push(performance.now() - since)
        await sleep(5)
      }
      const { status } = await attack
      this.rows.push({
        what: `/healthz during ${name} (${status}), p99`,
        is: ms(at(times, 0.99)),
        most: "500 ms",
      })
    }
  }

  /** From a program's write to its reader, by the clock that both read. */
  async latency(client: Client): Promise<void> {
    const code =
      "import time\nfor _ in range(100):\n  print(time.time_ns() // 1000, flush=True); time.sleep(0.01)"
    const times: number[] = []
    for await (const frame of client.stream({ language: "python", code })) {
      const now = performance.timeOrigin + performance.now()
      if (frame.type === "stdout") times.push(now - Number(frame.d?.split("\n")[0]) / 1_000)
    }
    this.rows.push({ what: "a line written to its frame read, p50 / p95", is: both(times), most: "50 ms" })
  }

  async flood(client: Client, runner: Runner): Promise<void> {
    const pid = runner.child.pid ?? 0
    const before = memoryOf(pid)
    let most = before
    const watch = setInterval(() => (most = Math.max(most, memoryOf(pid))), 5)
    const code = "import os\nfor _ in range(1600): os.write(1, b'x' * 65536)"
    for await (const _ of client.stream({ language: "python", code, limits: { output_bytes: 8_388_608 } }))
      await sleep(0)
    clearInterval(watch)
    this.rows.push({
      what: "100 MB of output: the runner grows by",
      is: `${short((most - before) / 1e6)} MB`,
      most: "16 MB",
    })
  }

  /** What is left after many runs of all kinds and ends. */
  async leftovers(client: Client, runner: Runner, runs: number): Promise<void> {
    const { left } = await soak(client, runner, runs)
    this.rows.push(
      {
        what: `left after ${runs} mixed runs`,
        is: `${left.processes} processes, ${left.groups} groups, ${left.files} files`,
        most: "0, 0, 0",
      },
      { what: "the runner's memory meanwhile", is: `${short(left.memory / 1e6)} MB`, most: "+30 MB" },
    )
  }
}

async function rate(seconds: number, work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  const until = since + seconds * 1_000
  let done = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      await work()
      done++
    }
  }
  await Promise.all([lane(), lane(), lane()])
  return (done * 1_000) / (performance.now() - since)
}

/** Programs behind walls beside the same programs without, in the same minutes. */
export async function benchSandbox(effort: SandboxEffort): Promise<void> {
  await needSandbox()
  const bench = new Bench()
  let isolation = ""
  await bench.with({}, async (client, runner) => {
    isolation = (JSON.parse((await client.call("/v1/capabilities")).text) as { isolation: string }).isolation
    await bench.warm(client, effort.rounds)
    await bench.latency(client)
    await bench.flood(client, runner)
    await bench.health(client)
    await bench.leftovers(client, runner, effort.runs)
  })
  await bench.with({ SANDBOX_POOL: "0" }, async (client) => {
    await bench.cold(client, effort.rounds)
    await bench.sustained(client, effort)
  })
  bench.rows.push(...(await flowsWithPrograms(effort.rounds * samplesPerRound)))
  console.log(
    `\nThe sandbox (${isolation}); the floor is the bare interpreter in the same minutes\n${machineLine()}\n`,
  )
  console.log(
    table(
      ["", "is", "goal", "floor", "ratio"],
      bench.rows.map(({ what, is, most, floor = "", ratio = "" }) => [what, is, most, floor, ratio]),
    ),
  )
}
