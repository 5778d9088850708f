import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { settleCanvas, tellCanvas } from "#worker/services/canvas/settle"

type OfFlow = { ctx: Ctx; env: Env; params: { flow_id: FlowId } }

/**
 * For routes about a draft that people may have open together: its row is brought up to date before, and what is written into it
 * is told to them after.
 */
export const live =
  <T extends OfFlow, R>(handler: (call: T) => Promise<R>, then?: "pull" | "remove") =>
  async (call: T): Promise<R> => {
    const { env, ctx, params } = call
    const isLive = await settleCanvas(env, ctx, params.flow_id)
    const reply = await handler(call)
    if (isLive && then) await tellCanvas(env, ctx, params.flow_id, then)
    return reply
  }
