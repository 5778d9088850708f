import { Failure } from "#core/errors"
import type { ExecutionId, TenantId } from "#core/ids"
import type { ProgramArtifact } from "#core/tool/program"
import { allow, type Ctx } from "#worker/context"
import * as executions from "#worker/db/executions"
import { digestOf } from "#worker/digest"

type Owner = { tenant: TenantId; execution_id: ExecutionId; run_key: string }

/** A file that a program left behind; `shown` is its path without the secrets that may stand in it. */
type LeftArtifact = { path: string; shown: string; bytes: Uint8Array }

/** Where a file is found, within its execution: the step that left it, and the file itself. */
export type ArtifactName = { step: string; file: string }

/** All files that a tenant's executions left. */
export const artifactFolder = (tenant: TenantId): string => `artifacts/${tenant}/`

/** All that the bucket has of an execution. */
const folderOf = (tenant: TenantId, id: ExecutionId): string => `${artifactFolder(tenant)}${id}/`

/** Keeps what a program left behind, and says where it can be had. The same attempt writes the same files again. */
export async function keepArtifacts(
  bucket: R2Bucket,
  { tenant, execution_id, run_key }: Owner,
  files: readonly LeftArtifact[],
): Promise<ProgramArtifact[]> {
  const step = digestOf(run_key).slice(0, 16)
  return Promise.all(
    files.map(async ({ path, shown, bytes }) => {
      const name = `${step}/${digestOf(path).slice(0, 16)}`
      // R2 takes metadata of 2 KiB at most.
      const customMetadata = { name: encodeURIComponent(baseOf(shown)) }
      await bucket.put(folderOf(tenant, execution_id) + name, bytes, { customMetadata })
      return {
        path: shown,
        size: bytes.length,
        url: `/api/v1/executions/${execution_id}/artifacts/${name}`,
      }
    }),
  )
}

/** The last part of a path, short enough for a header. */
const baseOf = (path: string): string =>
  path
    .slice(path.lastIndexOf("/") + 1)
    .slice(0, 100)
    .toWellFormed()

/** A file of one of the tenant's executions. The bucket's key begins with the tenant, so that nobody else's can be named. */
export async function readArtifact(
  bucket: R2Bucket,
  ctx: Ctx,
  id: ExecutionId,
  { step, file }: ArtifactName,
): Promise<{ name: string; size: number; body: ReadableStream }> {
  allow(ctx.actor, "execution.read")
  const standing = await executions.standing(ctx.db, id)
  const found =
    standing === "hidden" ? null : await bucket.get(`${folderOf(ctx.tenant.id, id)}${step}/${file}`)
  if (!found) throw new Failure(standing === "known" ? "execution.artifact_not_found" : "execution.not_found")
  const name = decodeURIComponent(found.customMetadata?.["name"] ?? "")
  return { name, size: found.size, body: found.body }
}

/** Executions at a time whose files are deleted. */
const mostAtOnce = 6

/** Deletes all files of executions that nobody may read any more. */
export async function removeArtifacts(
  bucket: R2Bucket,
  tenant: TenantId,
  ids: readonly ExecutionId[],
): Promise<void> {
  for (let i = 0; i < ids.length; i += mostAtOnce) {
    await Promise.all(ids.slice(i, i + mostAtOnce).map((id) => removeFolder(bucket, folderOf(tenant, id))))
  }
}

async function removeFolder(bucket: R2Bucket, prefix: string): Promise<void> {
  for (let isLeft = true; isLeft;) {
    const { objects, truncated } = await bucket.list({ prefix })
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key))
    isLeft = truncated
  }
}
