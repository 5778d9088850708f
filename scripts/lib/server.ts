import { mkdirSync, rmSync } from "node:fs"
import { randomBytes } from "node:crypto"
import { join, relative } from "node:path"
import { workerFolder } from "./build.ts"
import { readBundle } from "./bundle.ts"
import { readKeys } from "./keys.ts"
import { StateFolder } from "./lock.ts"
import { root } from "./paths.ts"
import { freePort, host } from "./ports.ts"
import { Refusal, step } from "./progress.ts"
import type { Runtime } from "./runtime.ts"
import { openSandbox } from "./sandbox.ts"
import type { Settings } from "./settings.ts"
import { prepare, type Prepared } from "./setup.ts"

/** Takes the state folder for this process, and clears what an earlier one left behind. */
export function takeState(settings: Settings): StateFolder {
  const folder = new StateFolder(settings.state)
  const holder = folder.take()
  if (holder !== undefined) {
    const where = holder.address === undefined ? "" : ` at ${holder.address}`
    throw new Refusal(
      `Another server (process ${holder.pid}${where}) uses the state folder ${settings.state}.\n` +
        "Stop it, or set EDGECREW_STATE to another folder.",
    )
  }
  // Miniflare's scratch folder stays when it is killed: kept here, the next start clears it.
  const scratch = join(settings.state, "tmp")
  rmSync(scratch, { recursive: true, force: true })
  mkdirSync(scratch)
  process.env["TMPDIR"] = scratch
  return folder
}

export interface Launched {
  address: string
  prepared: Prepared
  /** Serves the Worker as it was built last. */
  reload: () => Promise<void>
}

/** Serves the built Worker, or another bundle, on the wanted port or the next free one, with its databases migrated and seeded. */
export async function launch(
  folder: StateFolder,
  settings: Settings,
  options: { resetPassword: boolean; worker?: string },
): Promise<Launched> {
  const { worker = workerFolder } = options
  const keys = readKeys(join(settings.state, "keys.json"))
  if (keys.created) console.log("  made new keys")
  const token = randomBytes(32).toString("base64url")
  // Nobody stands in front of this workerd, so a header that tells an address is the client's own.
  const local = { SETUP_TOKEN: token, CLIENT_ADDRESS_HEADER: "" }
  const sandbox = await openSandbox(settings)
  const bindings = { ...settings.bindings, ...keys.bindings, ...local, ...sandbox.bindings }
  const { address, runtime } = await step("starting workerd", "started workerd", () =>
    serve(worker, settings, bindings),
  )
  folder.announce({ pid: process.pid, address })
  const migrate = (resetPassword: boolean): Promise<Prepared> =>
    prepare(address, token, { seed: settings.seed, resetPassword })
  const prepared = await step("migrating databases", "migrated databases", () =>
    migrate(options.resetPassword),
  )
  if (prepared.password !== undefined && !options.resetPassword) console.log("  seeded the demo tenant")
  console.log(`  ${await sandbox.told}`)
  const reload = async (): Promise<void> => {
    await runtime.reload(readBundle(worker))
    await migrate(false)
  }
  return { address, prepared, reload }
}

async function serve(
  worker: string,
  settings: Settings,
  bindings: Record<string, string>,
): Promise<{ address: string; runtime: Runtime }> {
  // Loaded late: Miniflare takes half a second that the checks before it need not wait for.
  const { Runtime } = await import("./runtime.ts")
  const runtime = new Runtime({
    worker: readBundle(worker),
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
    return { address: `http://${host}:${port}`, runtime }
  }
}

/** What a person needs to open the page and sign in. */
export function describe(address: string, settings: Settings, prepared: Prepared): string {
  const state = relative(root, settings.state)
  const password =
    prepared.password === undefined
      ? "set at an earlier start; `npm start -- --reset-demo-password` prints a new one"
      : `${prepared.password}  (shown this once)`
  return [
    "",
    `  address   ${address}`,
    ...(prepared.demo ? [`  user      ${prepared.user}`, `  password  ${password}`] : []),
    `  state     ${state.startsWith("..") ? settings.state : state}`,
    "",
  ].join("\n")
}
