import type { ExecutionId, TenantId } from "#core/ids"
import type { ProgramArtifact } from "#core/tool/program"
import { digestOf } from "#worker/digest"
import type { LeftFile } from "./place.ts"

type Owner = { tenant: TenantId; execution_id: ExecutionId; run_key: string }

/** Where the bucket has a file of an execution; `name` is as in its address. */
export const artifactKey = (tenant: TenantId, id: ExecutionId, name: string): string =>
  `artifacts/${tenant}/${id}/${name}`

/** Keeps what a program left behind, and says where it can be had. The same attempt writes the same files again. */
export async function keepArtifacts(
  bucket: R2Bucket,
  { tenant, execution_id, run_key }: Owner,
  files: readonly LeftFile[],
): Promise<ProgramArtifact[]> {
  const step = digestOf(run_key).slice(0, 16)
  return Promise.all(
    files.map(async ({ path, bytes }) => {
      const name = `${step}/${digestOf(path).slice(0, 16)}`
      await bucket.put(artifactKey(tenant, execution_id, name), bytes, { customMetadata: { path } })
      return { path, size: bytes.length, url: `/api/v1/executions/${execution_id}/artifacts/${name}` }
    }),
  )
}
