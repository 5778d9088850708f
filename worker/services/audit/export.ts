import { canonical } from "#core/audit/canonical"
import { originOf, verifierKey } from "#core/audit/note"
import type { Json } from "#core/json"
import type { SignedCheckpoint } from "#durable/sealer/ports"
import { auditKey } from "#worker/audit/sign"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as entries from "#worker/db/audit"
import type { Env } from "#worker/env"
import { ask, sealerStub } from "#worker/stubs"
import { sealedOf } from "./shape.ts"

const pageRows = 500
const mostCheckpoints = 200

const line = (value: Json): string => `${canonical(value)}\n`

/**
 * The whole log, written while it is read: what a file says first, the entries with the checkpoints between them, and a checkpoint
 * over all of it that is signed for this file (docs/audit-format.md). What was done to the database is written as it is found: the
 * verifier is to see it.
 */
export async function exportAudit(env: Env, ctx: Ctx): Promise<ReadableStream<Uint8Array>> {
  allow(ctx.actor, "audit.export")
  const sealer = sealerStub(env, ctx.tenant.id)
  const end = await ask(sealer.signNow(ctx.tenant.id))
  const header = {
    exported_at: isoTime(ctx.now),
    format: "edgecrew-audit/1",
    tenant: ctx.tenant.id,
    verifier_key: verifierKey(auditKey(env, originOf(ctx.tenant.id))),
  }
  const encoder = new TextEncoder()
  let [last, checkpoints, known]: [number, SignedCheckpoint[], number] = [0, [], 0]
  /** The checkpoints that come before a place in the file: sizes up to it. */
  const checkpointsUpTo = async (seq: number): Promise<string> => {
    let text = ""
    for (;;) {
      if (checkpoints.length === 0 && known < seq) {
        checkpoints = await sealer.checkpointsAfter(known, mostCheckpoints)
        known = checkpoints.length < mostCheckpoints ? Infinity : checkpoints.at(-1)!.size
      }
      const [next] = checkpoints
      if (!next || next.size > seq) return text
      text += line({ checkpoint: next.note })
      checkpoints.shift()
    }
  }
  return new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(encoder.encode(line({ header }))),
    async pull(stream) {
      const rows = await entries.sealedAfter(ctx.db, last, end.size, pageRows)
      let text = ""
      for (const row of rows) {
        const sealed = sealedOf(ctx.tenant.id, row)
        last = row.seq ?? last
        text += await checkpointsUpTo(last - 1)
        if (sealed) text += line(sealed)
      }
      if (rows.length < pageRows) {
        text += await checkpointsUpTo(end.size)
        text += line({ end: { checkpoint: end.note, size: end.size } })
      }
      stream.enqueue(encoder.encode(text))
      if (rows.length < pageRows) stream.close()
    },
  })
}
