import { env } from "cloudflare:workers"
import type { ExecutionId, TenantId } from "#core/ids"
import type { Env } from "#worker/env"
import { keepArtifacts } from "#worker/services/executions/artifacts"

export const { BLOBS } = env as unknown as Env

/** A file that a step of an execution left behind: the parts of its address, and the address. */
export async function leaveFile(tenant: TenantId, execution_id: ExecutionId, path: string, text: string) {
  const owner = { tenant, execution_id, run_key: `${execution_id}:run:1` }
  const left = { path, shown: path, bytes: new TextEncoder().encode(text) }
  const [artifact] = await keepArtifacts(BLOBS, owner, [left])
  const url = artifact?.url ?? ""
  const [step = "", file = ""] = url.split("/").slice(-2)
  return { url, step, file }
}
