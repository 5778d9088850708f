import { once } from "node:events"
import type { AddressInfo } from "node:net"
import type { Backend } from "../../../sandbox-runner/backend.ts"
import { Metrics } from "../../../sandbox-runner/metrics.ts"
import { Runs, type RunsOptions } from "../../../sandbox-runner/runs/runs.ts"
import { createDoor } from "../../../sandbox-runner/server.ts"
import { TokenGate } from "../../../sandbox-runner/token.ts"
import { audience, Client, secret } from "./client.ts"

export interface TestService {
  client: Client
  runs: Runs
  close: () => Promise<void>
}

export const metricsToken = "a-token-for-prometheus-0123456789ab"

/** The service of a runner over any walls, on a port of its own. */
export async function serve(
  backend: Backend,
  more: Partial<RunsOptions> & { orphanMs?: number; tenant?: string; secrets?: string[] } = {},
): Promise<TestService> {
  const metrics = new Metrics()
  const runs = new Runs({
    backend,
    metrics,
    openEgress: () => Promise.reject(new Error("no egress in this test")),
    now: Date.now,
    share: 0.5,
    maxWaiting: 64,
    waitMs: 5_000,
    ...more,
  })
  const gate = new TokenGate({
    secrets: more.secrets ?? [secret],
    audience,
    tenant: more.tenant ?? null,
    now: Date.now,
  })
  const faults: string[] = []
  const door = createDoor(
    {
      id: audience,
      boot: "boot_1",
      backend,
      runs,
      metrics,
      gate,
      metricsToken,
      orphanMs: more.orphanMs ?? 10_000,
    },
    (line) => faults.push(line),
  )
  door.listen(0, "127.0.0.1")
  await once(door, "listening")
  const { port } = door.address() as AddressInfo
  return {
    client: new Client(`http://127.0.0.1:${port}`),
    runs,
    close: async () => {
      await runs.close()
      door.closeAllConnections()
      await new Promise((resolve) => door.close(resolve))
      if (faults.length > 0) throw new Error(faults.join("\n"))
    },
  }
}
