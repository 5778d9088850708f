import { RunLimits, RunnerCapabilities } from "#core/contract/sandbox"
import { tenantHeader, type SandboxPorts } from "#durable/sandbox/ports"
import { settingsOf, type Env } from "#worker/env"
import { machineName } from "#worker/stubs"
import type { Runner } from "./client.ts"
import { callerToken } from "./token.ts"

const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
}

/** A number below `count` that a text always gives. */
function among(count: number, text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return (sum >>> 0) % count
}

/**
 * The runner for one of a tenant's programs: the one whose address is set, else one of the tenant's own machines, the same for the same
 * key, since whoever comes back to a run must find it; undefined where there is neither. Its address is the operator's word, not a
 * tenant's, so the guard of addresses does not stand before it.
 */
export function runnerOf(env: Env, tenant: string, runKey: string): Runner | undefined {
  const { SANDBOX_URL, SANDBOX_ID, SANDBOX_SECRET, SANDBOX_MACHINES } = settingsOf(env)
  if (SANDBOX_SECRET === undefined) return undefined
  const signer = { ...clock, aud: SANDBOX_ID, secret: SANDBOX_SECRET }
  if (SANDBOX_URL !== "")
    return {
      ...signer,
      fetch: (path, init) => fetch(new URL(path, SANDBOX_URL), { ...init, redirect: "manual" }),
    }
  const { SANDBOX } = env
  if (!SANDBOX) return undefined
  const name = machineName(tenant, among(SANDBOX_MACHINES, runKey))
  return {
    ...signer,
    fetch: (path, init) => {
      const request = new Request(new URL(path, "http://sandbox"), init)
      request.headers.set(tenantHeader, tenant)
      // A stub is broken after an error: each request has its own.
      return SANDBOX.get(SANDBOX.idFromName(name)).fetch(request)
    },
  }
}

/** What the machine of a tenant is started with, and when it may stop. */
export function sandboxPorts(env: Env): SandboxPorts {
  const { SANDBOX_ID, SANDBOX_SECRET = "", SANDBOX_IDLE_SECONDS } = settingsOf(env)
  const signer = { ...clock, aud: SANDBOX_ID, secret: SANDBOX_SECRET }
  return {
    ...clock,
    // Address, port and strictness are the image's own.
    env: (tenant) => ({ SANDBOX_ID, SANDBOX_SECRET, SANDBOX_TENANT: tenant }),
    idleMs: () => SANDBOX_IDLE_SECONDS * 1000,
    isBusy: async (tenant, send) => {
      const token = callerToken(signer, { tenant, max: RunLimits.parse({}), net: [] }, "")
      const answer = await send(
        new Request("http://sandbox/v1/capabilities", { headers: { authorization: `Bearer ${token}` } }),
      )
      const { waiting, free, quarantined, slots } = RunnerCapabilities.parse(await answer.json())
      return waiting > 0 || free + quarantined < slots
    },
  }
}
