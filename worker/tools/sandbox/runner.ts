import { RunLimits, RunnerCapabilities } from "#core/contract/sandbox"
import type { SandboxPorts } from "#durable/sandbox/ports"
import { settingsOf, type Env } from "#worker/env"
import type { Runner } from "./client.ts"
import { callerToken } from "./token.ts"

const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}

/**
 * The runner for a tenant's programs: the one whose address is set, else the tenant's own machine; undefined where there is neither.
 * Its address is the operator's word, not a tenant's, so the guard of addresses does not stand before it.
 */
export function runnerOf(env: Env, tenant: string): Runner | undefined {
  const { SANDBOX_URL, SANDBOX_ID, SANDBOX_SECRET } = settingsOf(env)
  if (SANDBOX_SECRET === undefined) return undefined
  const signer = { ...clock, aud: SANDBOX_ID, secret: SANDBOX_SECRET }
  if (SANDBOX_URL !== "")
    return {
      ...signer,
      fetch: (path, init) => fetch(new URL(path, SANDBOX_URL), { ...init, redirect: "manual" }),
    }
  const { SANDBOX } = env
  if (!SANDBOX) return undefined
  const stub = SANDBOX.get(SANDBOX.idFromName(tenant))
  return { ...signer, fetch: (path, init) => stub.fetch(new Request(new URL(path, "http://sandbox"), init)) }
}

/** What the machine of a tenant is started with, and when it may stop. */
export function sandboxPorts(env: Env): SandboxPorts {
  const { SANDBOX_ID, SANDBOX_SECRET = "", SANDBOX_IDLE_SECONDS } = settingsOf(env)
  const signer = { ...clock, aud: SANDBOX_ID, secret: SANDBOX_SECRET }
  return {
    ...clock,
    env: () => ({
      SANDBOX_ID,
      SANDBOX_SECRET,
      SANDBOX_HOST: "0.0.0.0",
      SANDBOX_PORT: "8080",
      SANDBOX_STRICT: "1",
    }),
    idleMs: () => SANDBOX_IDLE_SECONDS * 1000,
    isBusy: async (send) => {
      const token = callerToken(signer, { tenant: "edgecrew", max: RunLimits.parse({}), net: [] }, "")
      const answer = await send(
        new Request("http://sandbox/v1/capabilities", { headers: { authorization: `Bearer ${token}` } }),
      )
      const known = RunnerCapabilities.safeParse(await answer.json()).data
      return known !== undefined && (known.waiting > 0 || known.free + known.quarantined < known.slots)
    },
  }
}
