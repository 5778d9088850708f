import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import type { Env } from "#worker/env"
import { ask, canvasStub } from "#worker/stubs"

/**
 * Brings a flow's row up to date with its canvas, where people have it open together; answers whether there is one. Whoever reads
 * a draft calls it first: the canvas is the original, and the row a copy that may be a second old.
 */
export async function settleCanvas(env: Env, ctx: Ctx, id: FlowId): Promise<boolean> {
  if (!(await flows.hasCanvas(ctx.db, id))) return false
  await ask(canvasStub(env, ctx.tenant.id, id).settle())
  return true
}

/** Tells the canvas that the flow's row was written, or deleted. One that does not hear it finds out by the row's version. */
export async function tellCanvas(env: Env, ctx: Ctx, id: FlowId, what: "pull" | "remove"): Promise<void> {
  try {
    await canvasStub(env, ctx.tenant.id, id)[what]()
  } catch (error) {
    console.warn("canvas: it was not told of a write, it finds out by itself", { id, error: String(error) })
  }
}
