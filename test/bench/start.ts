import { setTimeout as sleep } from "node:timers/promises"
import { median } from "./load.ts"
import { family, machineLine, memoryOf } from "./machine.ts"
import { startServer, withState } from "./server.ts"
import { short, table } from "./table.ts"

const settleMs = 10_000

/** How long a second `npm start` takes to its first answer, and what an idle server holds in memory. */
export async function benchStart(starts: number): Promise<void> {
  await withState(async (state) => {
    const first = await startServer(state, "npm")
    await first.stop()
    const answers: number[] = []
    let memory: ReturnType<typeof memoryOf> = []
    for (let n = 1; n <= starts; n++) {
      const since = performance.now()
      const server = await startServer(state, "npm")
      const response = await fetch(`${server.address}/api/v1/health`)
      if (!response.ok) throw new Error(`health answered ${response.status}: ${await response.text()}`)
      answers.push(performance.now() - since)
      if (n === starts) {
        await sleep(settleMs)
        memory = memoryOf(family(server.pid))
      }
      await server.stop()
    }
    console.log(`\n${machineLine()}\n`)
    console.log(`first start, ready after ${short(first.readyMs / 1000)} s`)
    console.log(`second start, first answer after ${short(median(answers) / 1000)} s (median of ${starts})\n`)
    const rows = memory.map(({ command, rss, pss }) => [command.slice(0, 60), short(rss), short(pss)])
    const sum = (field: "rss" | "pss"): string => short(memory.reduce((total, one) => total + one[field], 0))
    console.log(table(["idle", "RSS MB", "PSS MB"], [...rows, ["in all", sum("rss"), sum("pss")]]))
    console.log("")
  })
}
