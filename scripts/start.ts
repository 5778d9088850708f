// `npm start`: keys, builds, workerd, databases, demo tenant; then it serves in the foreground until it is stopped.
import { mkdirSync, rmSync } from "node:fs"
import { randomBytes } from "node:crypto"
import { join, relative } from "node:path"
import { parseArgs } from "node:util"
import { buildChanged, workerFolder } from "./lib/build.ts"
import { readBundle } from "./lib/bundle.ts"
import { readKeys } from "./lib/keys.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { StateFolder } from "./lib/lock.ts"
import { root } from "./lib/paths.ts"
import { freePort, host } from "./lib/ports.ts"
import { main, Refusal, seconds, step } from "./lib/progress.ts"
import { readSettings, type Settings } from "./lib/settings.ts"
import { prepare, type Prepared } from "./lib/setup.ts"

function takeState(settings: Settings): StateFolder {
  const folder = new StateFolder(settings.state)
  const holder = folder.take()
  if (holder !== undefined) {
    const where = holder.address === undefined ? "" : ` at ${holder.address}`
    throw new Refusal(
      `Another server (process ${holder.pid}${where}) uses the state folder ${settings.state}.\n` +
        "Stop it, or set EDGECREW_STATE to another folder.",
    )
  }
  return folder
}

/** Starts workerd on the wanted port or the next free one. */
async function serve(settings: Settings, bindings: Record<string, string>): Promise<string> {
  // Loaded late: Miniflare takes half a second that the checks before it need not wait for.
  const { Runtime } = await import("./lib/runtime.ts")
  const runtime = new Runtime({
    worker: readBundle(workerFolder),
    bindings,
    data: join(settings.state, "data"),
    onError: (message) => console.error(`[worker] ${message}`),
    onDeath: (cause) => console.error(`[server] workerd ended (${cause}); starting it again`),
    onRecovery: (ms) => console.error(`[server] serving again after ${Math.round(ms)} ms`),
  })
  for (let wanted = settings.port; ; wanted++) {
    const port = await freePort(wanted)
    try {
      await runtime.start(port)
    } catch (error) {
      // Somebody took the port between the probe and workerd.
      if (!(error instanceof Error && "code" in error && error.code === "ERR_ADDRESS_IN_USE")) throw error
      wanted = port
      continue
    }
    if (port !== settings.port) console.log(`  port ${settings.port} is taken, using ${port}`)
    return `http://${host}:${port}`
  }
}

function describe(address: string, settings: Settings, prepared: Prepared): string {
  const state = relative(root, settings.state)
  const password =
    prepared.password === undefined
      ? "set at an earlier start; `npm start -- --reset-demo-password` prints a new one"
      : `${prepared.password}  (shown this once)`
  return [
    "",
    `  address   ${address}`,
    ...(settings.seed ? [`  user      ${prepared.user}`, `  password  ${password}`] : []),
    `  state     ${state.startsWith("..") ? settings.state : state}`,
    "",
  ].join("\n")
}

await main(async () => {
  const { values } = parseArgs({ options: { "reset-demo-password": { type: "boolean", default: false } } })
  endWithParent(() => 0)
  const settings = readSettings(process.env)
  const folder = takeState(settings)
  console.log("Edgecrew")

  // Miniflare leaves its scratch folder behind when it is killed: kept here, the next start clears it.
  process.env["TMPDIR"] = join(settings.state, "tmp")
  rmSync(process.env["TMPDIR"], { recursive: true, force: true })
  mkdirSync(process.env["TMPDIR"])

  const keys = readKeys(join(settings.state, "keys.json"))
  if (keys.created) console.log("  made new keys")
  await buildChanged()
  const token = randomBytes(32).toString("base64url")
  const bindings = { ...settings.bindings, ...keys.bindings, SETUP_TOKEN: token }
  const address = await step("starting workerd", "started workerd", () => serve(settings, bindings))
  folder.announce({ pid: process.pid, address })
  const prepared = await step("migrating databases", "migrated databases", () =>
    prepare(address, token, { seed: settings.seed, resetPassword: values["reset-demo-password"] }),
  )
  if (prepared.seeded) console.log("  seeded the demo tenant")
  console.log(`  ready after ${seconds(performance.now())}`)
  console.log(describe(address, settings, prepared))
  console.log(`ready ${address}`)
})
