// `npm run bench`: the figures. `npm run bench -- execute --rounds 9 --seconds 3` measures one of them, longer;
// `npm run bench:sandbox -- soak` looks for what ten thousand programs leave behind (`--runs` says another number).
import { parseArgs } from "node:util"
import { benchAudit } from "../test/bench/audit.ts"
import { benchCanvas } from "../test/bench/canvas.ts"
import { benchEditor } from "../test/bench/canvas/browser.ts"
import { benchPaint } from "../test/bench/canvas/paint.ts"
import { benchChat } from "../test/bench/chat.ts"
import { benchEngine } from "../test/bench/engine.ts"
import { benchExecute } from "../test/bench/execute.ts"
import { benchGateway } from "../test/bench/gateway.ts"
import { benchLimits } from "../test/bench/limits.ts"
import { benchPages } from "../test/bench/pages.ts"
import { benchSandbox } from "../test/bench/sandbox.ts"
import { benchSoak } from "../test/bench/sandbox-soak.ts"
import { benchStart } from "../test/bench/start.ts"
import { buildChanged } from "./lib/build.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main, Refusal } from "./lib/progress.ts"

const benches = [
  "execute",
  "engine",
  "gateway",
  "limits",
  "start",
  "pages",
  "chat",
  "canvas",
  "editor",
  "paint",
  "sandbox",
  "audit",
]
/** Not among those that are measured when none is named. */
const longer = ["soak"]

function count(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new Refusal(`--${name} is ${text}; expected a whole number from 1.`)
  return value
}

await main(async () => {
  endWithParent(() => 1)
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string" },
      seconds: { type: "string", default: "2" },
      runs: { type: "string" },
      people: { type: "string", default: "2,20,100,300,1000" },
    },
  })
  const all = [...benches, ...longer]
  const unknown = positionals.filter((name) => !all.includes(name))
  if (unknown.length > 0)
    throw new Refusal(`There is no bench ${unknown.join(", ")}; there are ${all.join(", ")}.`)
  if (positionals.includes("soak")) {
    const faults = await benchSoak(count("runs", values.runs ?? "10000"))
    for (const fault of faults) console.log(`  ${fault}`)
    process.exit(faults.length === 0 ? 0 : 1)
  }
  const chosen = positionals.length === 0 ? benches : positionals
  const rounds = count("rounds", values.rounds ?? "5")
  const seconds = count("seconds", values.seconds)
  const runs = count("runs", values.runs ?? "300")
  if (chosen.includes("audit")) await benchAudit(rounds)
  if (chosen.every((name) => name === "audit")) process.exit(0)
  await buildChanged(["pages", "worker"])
  if (chosen.includes("execute")) await benchExecute({ rounds, seconds })
  if (chosen.includes("engine")) await benchEngine(rounds)
  if (chosen.includes("gateway")) await benchGateway(rounds)
  if (chosen.includes("limits")) await benchLimits(Math.max(seconds, 10))
  if (chosen.includes("start")) await benchStart(rounds)
  if (chosen.includes("pages")) await benchPages()
  if (chosen.includes("chat")) await benchChat(rounds)
  const crowds = values.people.split(",").map((text) => count("people", text))
  if (chosen.includes("canvas"))
    await benchCanvas({
      crowds,
      seconds: Math.max(seconds, 5),
      rounds: count("rounds", values.rounds ?? "1"),
    })
  if (chosen.includes("editor")) await benchEditor([100, 1_000, 5_000], rounds)
  // Whoever measures the editor wants to know when it is there, too.
  if (chosen.includes("paint") || (positionals.length > 0 && chosen.includes("editor")))
    await benchPaint(rounds)
  if (chosen.includes("sandbox")) await benchSandbox({ rounds, seconds, runs })
  process.exit(0)
})
