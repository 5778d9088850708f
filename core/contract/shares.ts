import * as z from "zod"
import { Access, ShareLevel } from "#core/access/level"
import { Role } from "#core/access/roles"
import { AgentId, CrewId, FlowId, UserId } from "#core/ids"
import { endpoint, Time } from "./endpoint.ts"

const mostShares = 200

/** Somebody of the tenant, as those see them who share something. */
const Somebody = z.object({ id: UserId, name: z.string(), role: Role })

export const Sharing = z
  .object({
    access: Access,
    /** Whose it is: shares do not count for them. Null where nobody of the tenant made it. */
    owner: z.object({ id: UserId, name: z.string() }).nullable(),
    shares: z.array(z.object({ user: Somebody, level: ShareLevel })),
    /** Rises with every change; the ETag. 0 while nothing was ever shared. */
    version: z.int(),
    updated_at: Time.nullable(),
  })
  .meta({ id: "Sharing" })
export type Sharing = z.infer<typeof Sharing>

export const SharingDraft = z
  .strictObject({
    access: Access,
    shares: z
      .array(z.strictObject({ user_id: UserId, level: ShareLevel }))
      .max(mostShares)
      .refine((shares) => new Set(shares.map((one) => one.user_id)).size === shares.length, {
        error: "Name each person once",
      }),
  })
  .meta({ id: "SharingDraft" })
export type SharingDraft = z.infer<typeof SharingDraft>

const reply = z.object({
  sharing: Sharing,
  /** Everybody in the tenant with whom it can be shared. */
  people: z.array(Somebody),
})
export type SharingReply = z.infer<typeof reply>

const tag = "Shares"

const read = { method: "GET", tag, reply } as const
const write = {
  method: "PUT",
  tag,
  description:
    "Replaces all shares of it. A share decides how far that person comes with this one thing, never further than their role; with `access: shared`, whoever has none does not find it. Shares do not count for admins and its owner. Holds at once, and within 5 s for what is open.",
  body: SharingDraft,
  reply,
  headers: { "If-Match": "The ETag you read; 412 when the shares have changed since" },
} as const

const flow = {
  params: z.object({ flow_id: FlowId }),
  path: "/flows/:flow_id/shares",
  needs: "flow.edit",
} as const
const crew = {
  params: z.object({ crew_id: CrewId }),
  path: "/crews/:crew_id/shares",
  needs: "agent.edit",
} as const
const agent = {
  params: z.object({ agent_id: AgentId }),
  path: "/agents/:agent_id/shares",
  needs: "agent.edit",
} as const

export const sharesApi = {
  flow: endpoint({ ...flow, ...read, summary: "With whom a flow is shared" }),
  shareFlow: endpoint({ ...flow, ...write, summary: "Share a flow" }),
  crew: endpoint({ ...crew, ...read, summary: "With whom a crew is shared" }),
  shareCrew: endpoint({ ...crew, ...write, summary: "Share a crew" }),
  agent: endpoint({ ...agent, ...read, summary: "With whom an agent is shared" }),
  shareAgent: endpoint({ ...agent, ...write, summary: "Share an agent" }),
} as const
