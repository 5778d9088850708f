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

/** 200 requests a second of one key against a limit of 50: how fast the refusals are, and how many are let in. */
export async function benchLimits(seconds: number): Promise<void> {
  const state = newState()
  const quotas = { key_requests_per_second: limit, rate_window_seconds: 1 }
  const settings = { EDGECREW_SEED: "0", EDGECREW_QUOTAS: JSON.stringify(quotas) }
  const server = await Server.start({ state, settings })
  try {
    const client = await Client.register(server.address)
    const key = await client.apiKey(["flow.read"])
    const answers = await steadily(`${server.address}/api/v1/flows`, key, before + seconds)
    print(answers, seconds)
  } finally {
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

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

function print(answers: readonly Answer[], seconds: number): void {
  const measured = answers.filter(({ at }) => at >= before * 1_000)
  const of = (status: number): number[] =>
    measured.flatMap((one) => (one.status === status ? [one.ms] : [])).sort((a, b) => a - b)
  const [admitted, throttled] = [of(200), of(429)]
  const wanted = limit * seconds
  const off = (Math.abs(admitted.length - wanted) / wanted) * 100
  console.log(`\nRate limit: ${perSecond} requests/s against ${limit}, ${machineLine()}`)
  console.log(
    table(
      ["", "count", "p50 ms", "p95 ms", "target"],
      [
        [
          "let in",
          String(admitted.length),
          short(quantile(admitted, 0.5)),
          short(quantile(admitted, 0.95)),
          `${wanted} to within 1 %: off by ${off.toFixed(2)} %`,
        ],
        [
          "throttled",
          String(throttled.length),
          short(quantile(throttled, 0.5)),
          short(quantile(throttled, 0.95)),
          "p95 below 50 ms",
        ],
        ["others", String(measured.length - admitted.length - throttled.length), "", "", "0"],
      ],
    ),
  )
}
