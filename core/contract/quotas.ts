import * as z from "zod"
import { quotaNames } from "#core/governor/quota"
import { endpoint, Time } from "./endpoint.ts"

export const QuotaName = z.enum(quotaNames)

/** What a tenant may have, or do in a day, and how much of it is used. */
export const Quota = z
  .object({
    name: QuotaName,
    limit: z.int().nullable().meta({ description: "Null: there is none" }),
    used: z.int().nullable().meta({ description: "Null while it cannot be told" }),
    resets_at: Time.nullable().meta({
      description: "When what is used begins at 0 again; null where it does not",
    }),
    source: z
      .enum(["usual", "tenant"])
      .meta({ description: "`tenant`: the operator has set it for this tenant" }),
  })
  .meta({ id: "Quota" })
export type Quota = z.infer<typeof Quota>

const limit = z
  .int({ error: "Enter a whole number" })
  .min(0, { error: "Use 0 or more" })
  .max(Number.MAX_SAFE_INTEGER)
  .nullable()
  .optional()

/** The limits of one tenant: null is none, and what is left out is as usual in this installation. */
export const QuotaLimits = z
  .strictObject({
    flows: limit,
    storage_bytes: limit,
    executions_per_day: limit,
    tokens_per_day: limit,
    concurrent_executions: limit,
    waiting_executions: limit,
  })
  .meta({ id: "QuotaLimits" })
export type QuotaLimits = z.infer<typeof QuotaLimits>

export const QuotasReply = z.object({ quotas: z.array(Quota) })

export const quotasApi = {
  list: endpoint({
    method: "GET",
    path: "/quotas",
    needs: "budget.read",
    tag: "Quotas",
    summary: "What this tenant may have or do in a day, and how much of it is used",
    description:
      "What would go beyond the executions of a day is refused with 429 `quota.exceeded`; beyond flows, data or tokens with 402 `quota.full`. " +
      "Beyond those at once an execution waits as `queued`, and begins in fair order when another has ended; beyond those that may wait it is refused with 429 too. " +
      "The problem names the `quota`, its `limit`, what is `used`, and `resets_at`.",
    reply: QuotasReply,
  }),
} as const
