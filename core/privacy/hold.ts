import * as z from "zod"
import { ApiKeyId, ChatId, ExecutionId, FlowId, HoldId, UserId } from "#core/ids"

/**
 * What a legal hold is about: one execution or chat, everything that a flow has done, everything that a person or one of their keys
 * has begun, or `workspace`: all there is.
 */
export const HoldTarget = z.union([ExecutionId, ChatId, FlowId, UserId, ApiKeyId, z.literal("workspace")])
export type HoldTarget = z.infer<typeof HoldTarget>

/** Says that something must not be deleted, whatever settings and people say. */
export const LegalHold = z
  .object({
    id: HoldId,
    target: HoldTarget,
    reason: z.string(),
    created_by: z.string(),
    created_at: z.string().meta({ format: "date-time" }),
  })
  .meta({ id: "LegalHold" })
export type LegalHold = z.infer<typeof LegalHold>
