import { rmSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { newState, Server } from "../kit/server.ts"
import { Client } from "./client.ts"
import { quantile } from "./load.ts"
import { machineLine } from "./machine.ts"
import { short, table } from "./table.ts"

const limit = 50
const perSecond = 200
/** What may come at once is let in first, and is not measured. */
const before = 3

type Answer = { status: number; ms: number; at: number }

type Times = { count: number; p50: number; p95: number }
type Measured = { admitted: Times; throttled: Times; others: number; wanted: number }

/** 200 requests a second of one key against a limit of 50: how fast the refusals are, and how many are let in. */
export async function measureLimits(seconds: number): Promise<Measured> {
  const state = newState()
  const quotas = { key_requests_per_second: limit, rate_window_seconds: 1 }
  const settings = { EDGECREW_SEED: "0", EDGECREW_QUOTAS: JSON.stringify(quotas) }
  const server = await Server.start({ state, settings })
  try {
    const client = await Client.register(server.address)
    const key = await client.apiKey(["flow.read"])
    return measured(await steadily(`${server.address}/api/v1/flows`, key, before + seconds), seconds)
  } finally {
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

export const benchLimits = async (seconds: number): Promise<void> => print(await measureLimits(seconds))

/** Requests at an even pace, whether or not earlier ones are answered. */
async function steadily(url: string, key: string, seconds: number): Promise<Answer[]> {
  const start = performance.now()
  const ask = async (): Promise<Answer> => {
    const at = performance.now()
    const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } })
    await response.arrayBuffer()
    return { status: response.status, ms: performance.now() - at, at: at - start }
  }
  const all: Promise<Answer>[] = []
  for (let i = 0; i < seconds * perSecond; i++) {
    await sleep(Math.max(0, start + (i * 1_000) / perSecond - performance.now()))
    all.push(ask())
  }
  return Promise.all(all)
}

function measured(answers: readonly Answer[], seconds: number): Measured {
  const counted = answers.filter(({ at }) => at >= before * 1_000)
  const of = (status: number): Times => {
    const times = counted.flatMap((one) => (one.status === status ? [one.ms] : [])).sort((a, b) => a - b)
    return { count: times.length, p50: quantile(times, 0.5), p95: quantile(times, 0.95) }
  }
  const [admitted, throttled] = [of(200), of(429)]
  const others = counted.length - admitted.count - throttled.count
  return { admitted, throttled, others, wanted: limit * seconds }
}

function print({ admitted, throttled, others, wanted }: Measured): void {
  const off = (Math.abs(admitted.count - wanted) / wanted) * 100
  const row = (name: string, { count, p50, p95 }: Times, target: string): string[] => [
    name,
    String(count),
    short(p50),
    short(p95),
    target,
  ]
  console.log(`\nRate limit: ${perSecond} requests/s against ${limit}, ${machineLine()}`)
  console.log(
    table(
      ["", "count", "p50 ms", "p95 ms", "target"],
      [
        row("let in", admitted, `${wanted} to within 1 %: off by ${off.toFixed(2)} %`),
        row("throttled", throttled, "p95 below 50 ms"),
        ["others", String(others), "", "", "0"],
      ],
    ),
  )
}
