import { rmSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { median } from "./load.ts"
import { newState, Server } from "../kit/server.ts"
import { machineLine, memoryOf } from "./machine.ts"
import { short, table } from "./table.ts"

const settleMs = 10_000

/** How long a second `npm start` takes to its first answer, and what an idle server holds in memory. */
export async function benchStart(starts: number): Promise<void> {
  const state = newState()
  const start = (): Promise<Server> =>
    Server.start({ state, through: "npm", settings: { EDGECREW_SEED: "1" } })
  try {
    const first = await start()
    await first.stop()
    const answers: number[] = []
    let memory: ReturnType<typeof memoryOf> = []
    for (let n = 1; n <= starts; n++) {
      const since = performance.now()
      const server = await start()
      const response = await fetch(`${server.address}/api/v1/health`)
      if (!response.ok) throw new Error(`health answered ${response.status}: ${await response.text()}`)
      answers.push(performance.now() - since)
      if (n === starts) {
        await sleep(settleMs)
        memory = memoryOf(server.tree())
      }
      await server.stop()
    }
    print(first.readyMs, answers, memory)
  } finally {
    rmSync(state, { recursive: true, force: true })
  }
}

function print(firstMs: number, answers: readonly number[], memory: ReturnType<typeof memoryOf>): void {
  console.log(`\n${machineLine()}\n`)
  console.log(`first start of a state folder, ready after ${short(firstMs / 1000)} s`)
  console.log(
    `second start, first answer after ${short(median(answers) / 1000)} s (median of ${answers.length})\n`,
  )
  const rows = memory.map(({ command, rss, pss }) => [command.slice(0, 60), short(rss), short(pss)])
  const sum = (field: "rss" | "pss"): string => short(memory.reduce((total, one) => total + one[field], 0))
  console.log(table(["idle", "RSS MB", "PSS MB"], [...rows, ["in all", sum("rss"), sum("pss")]]))
  console.log("")
}
