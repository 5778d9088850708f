// The runner as a process: `node sandbox-runner/main.ts`. Settings come from the environment (README.md).
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { existsSync, rmSync } from "node:fs"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import type { Backend } from "./backend.ts"
import { EgressGateway } from "./egress/gateway.ts"
import { openBackend } from "./isolation/open.ts"
import { Metrics } from "./metrics.ts"
import { NoBackend } from "./no-backend.ts"
import { Runs } from "./runs/runs.ts"
import { createDoor } from "./server.ts"
import { readRunnerSettings, type RunnerSettings } from "./settings.ts"
import { TokenGate } from "./token.ts"

/** sysexits.h: the configuration is at fault, starting again does not help. */
const configurationFault = 78

const log = (line: string): void => void process.stderr.write(`${line}\n`)

function refuseToStart(error: unknown): never {
  log(error instanceof Error ? error.message : String(error))
  process.exit(configurationFault)
}

function settingsOrEnd(): RunnerSettings {
  try {
    return readRunnerSettings(process.env)
  } catch (error) {
    return refuseToStart(error)
  }
}

const containerMarks = ["/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"]

/**
 * In a container that others reach, several tenants share a kernel with nothing between them but us: taken only by the word of an
 * operator who has put a machine around it. On loopback it is a developer's own machine.
 */
function isSharedUnasked({ tenant, sharedKernel, host }: RunnerSettings): boolean {
  const isOwn = host === "127.0.0.1" || host === "::1" || host === "localhost"
  return !isOwn && tenant === null && !sharedKernel && containerMarks.some((path) => existsSync(path))
}

async function openWalls(settings: RunnerSettings): Promise<Backend> {
  if (isSharedUnasked(settings))
    return new NoBackend(
      "This container would serve several tenants: set SANDBOX_TENANT, or SANDBOX_SHARED_KERNEL=accept where a virtual machine or gVisor stands around it.",
    )
  const { profile, slots, pool, rootfs, stateDir } = settings
  const opened = await openBackend({
    profile,
    slots,
    pool: { python: pool, node: pool },
    rootfs,
    stateDir,
    log,
  })
  return opened.backend ?? new NoBackend(opened.reason)
}

const settings = settingsOrEnd()
const backend = await openWalls(settings)
const verdict = backend.verdict()
if (!verdict.ready) {
  log(`not ready: ${verdict.reason}`)
  if (settings.strict) {
    await backend.close()
    process.exit(configurationFault)
  }
}

const metrics = new Metrics()
const gateway = new EgressGateway({
  dir: join(settings.stateDir, "egress"),
  dns: settings.dns,
  allow: settings.egressAllow,
  metrics,
  log,
})
const runs = new Runs({
  backend,
  metrics,
  openEgress: (id, request) => gateway.open(id, request),
  now: Date.now,
  share: settings.tenant === null ? 0.5 : 1,
  maxWaiting: 64,
  waitMs: 5_000,
})
const { secrets, id, tenant, metricsToken } = settings
const gate = new TokenGate({ secrets, audience: id, tenant, now: Date.now })
const boot = randomUUID()
const door = createDoor({ id, boot, backend, runs, metrics, gate, metricsToken, orphanMs: 10_000 }, log)
door.listen(settings.port, settings.host)
await once(door, "listening")
const { address, port } = door.address() as AddressInfo
process.stdout.write(`listening http://${address.includes(":") ? `[${address}]` : address}:${port}\n`)

let isEnding = false
async function end(): Promise<void> {
  if (isEnding) return
  isEnding = true
  door.close()
  await runs.close()
  door.closeAllConnections()
  await backend.close()
  for (const made of ["stage", "egress"])
    rmSync(join(settings.stateDir, made), { recursive: true, force: true })
  process.exit(0)
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end())
if (settings.lifeline)
  process.stdin
    .on("close", () => void end())
    .on("error", () => void end())
    .resume()
