import * as z from "zod"
import { Role } from "#core/access/roles"
import { InvitationId, UserId } from "#core/ids"
import { Email } from "./auth.ts"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

export const MemberStatus = z.enum(["active", "disabled"])
export type MemberStatus = z.infer<typeof MemberStatus>

export const Member = z
  .object({
    id: UserId,
    email: z.string(),
    name: z.string(),
    role: Role,
    status: MemberStatus,
    /** When they joined this tenant. */
    created_at: Time,
    /** When a session of theirs in this tenant was last used. */
    last_seen_at: Time.nullable(),
  })
  .meta({ id: "Member" })
export type Member = z.infer<typeof Member>

export const Invitation = z
  .object({
    id: InvitationId,
    email: z.string(),
    role: Role,
    /** `pending` can be accepted; `expired` can be sent anew. */
    status: z.enum(["pending", "expired"]),
    /** Who invited: `user_…` or `key_…`, and their name. */
    invited_by: z.object({ id: z.string(), name: z.string() }),
    created_at: Time,
    /** When its newest link was made. */
    sent_at: Time,
    expires_at: Time,
  })
  .meta({ id: "Invitation" })
export type Invitation = z.infer<typeof Invitation>

const tag = "Members"

const list = listQuery(["created_at", "name", "email", "role", "last_seen_at"]).extend({
  role: Role.optional(),
  status: MemberStatus.optional(),
})

const Invite = z.strictObject({
  email: Email,
  role: Role,
  expires_in_days: z.int().min(1).max(30).default(7),
})

/** The link stands in this answer and nowhere else: only its digest is kept. */
const Invited = z.object({
  invitation: Invitation,
  invite_url: z.string(),
  /** Whether it was sent to the address as well. */
  emailed: z.boolean(),
})

const invite = {
  method: "POST",
  needs: "user.edit",
  proof: true,
  tag,
  status: 201,
  body: Invite,
  reply: Invited,
} as const

const one = { params: z.object({ user_id: UserId }), tag } as const
const invited = { params: z.object({ invitation_id: InvitationId }), tag } as const

export const membersApi = {
  list: endpoint({
    method: "GET",
    path: "/users",
    needs: "user.read",
    tag,
    summary: "List the tenant's members",
    query: list,
    reply: z.object({ users: z.array(Member), total: z.int(), page_info: PageInfo }),
  }),
  add: endpoint({
    ...invite,
    path: "/users",
    summary: "Invite somebody; the same as `POST /users/invite`",
  }),
  invite: endpoint({
    ...invite,
    path: "/users/invite",
    summary: "Invite somebody by their address",
    description:
      "The link is in this answer alone, works once and expires; where mail is set up it is sent too. Inviting an address again withdraws its earlier link.",
  }),
  get: endpoint({
    ...one,
    method: "GET",
    path: "/users/:user_id",
    needs: "user.read",
    summary: "One member",
    reply: z.object({ user: Member }),
  }),
  update: endpoint({
    ...one,
    method: "PATCH",
    path: "/users/:user_id",
    needs: "user.edit",
    proof: true,
    summary: "Change a member's role, or disable or enable them",
    description:
      "Losing rights ends the person's sessions here within 5 s; their API keys sink with the role. The last active admin stays one.",
    body: z
      .strictObject({ role: Role.optional(), status: MemberStatus.optional() })
      .refine(({ role, status }) => role !== undefined || status !== undefined, {
        error: "Name a role or a status",
      }),
    reply: z.object({ user: Member }),
  }),
  remove: endpoint({
    ...one,
    method: "DELETE",
    path: "/users/:user_id",
    needs: "user.edit",
    proof: true,
    status: 204,
    summary: "Remove a member; their sessions and API keys here stop within 5 s",
  }),
  reset: endpoint({
    ...one,
    method: "POST",
    path: "/users/:user_id/reset",
    needs: "user.edit",
    proof: true,
    status: 201,
    summary: "Start a new password for a member",
    description:
      "Where mail is set up, the link is sent to the member and `reset_url` is null; elsewhere it is in this answer alone, for you to pass on, and only for somebody who belongs to no other tenant.",
    reply: z.object({ reset_url: z.string().nullable(), emailed: z.boolean(), expires_at: Time }),
  }),
} as const

export const invitationsApi = {
  list: endpoint({
    method: "GET",
    path: "/invitations",
    needs: "user.read",
    tag,
    summary: "List invitations that nobody has accepted yet",
    query: listQuery(["created_at", "email", "expires_at"]),
    reply: z.object({ invitations: z.array(Invitation), total: z.int(), page_info: PageInfo }),
  }),
  resend: endpoint({
    ...invited,
    method: "POST",
    path: "/invitations/:invitation_id/resend",
    needs: "user.edit",
    proof: true,
    summary: "Make a new link for an invitation; the earlier one stops",
    reply: Invited,
  }),
  revoke: endpoint({
    ...invited,
    method: "DELETE",
    path: "/invitations/:invitation_id",
    needs: "user.edit",
    status: 204,
    summary: "Withdraw an invitation",
  }),
} as const
