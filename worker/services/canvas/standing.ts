import type { Capability } from "#core/access/capabilities"
import type { FlowRef, May, Pass } from "#durable/canvas/ports"
import type { Env } from "#worker/env"
import { mayStay } from "#worker/services/auth/may-stay"

/**
 * What those who were let in to a canvas may do now: sessions end, keys are revoked, roles and shares change. Asked of the database itself:
 * an isolate's memory of a few seconds would come on top of the canvas's own.
 */
export async function standingOf(
  env: Env,
  { tenant, flow }: FlowRef,
  passes: readonly Pass[],
): Promise<May[]> {
  const asking = (needs: Capability) =>
    mayStay(
      env,
      tenant,
      passes.map((pass) => ({ ...pass, needs, about: flow })),
    )
  const [edits, reads] = await Promise.all([asking("flow.edit"), asking("flow.read")])
  return passes.map((_, i) => (edits[i] ? "edit" : reads[i] ? "read" : "nothing"))
}
