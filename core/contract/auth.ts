import * as z from "zod"
import { Role } from "#core/access/roles"
import { allCapabilities } from "#core/access/capabilities"
import { ImpersonationId, SessionId, TenantId, UserId } from "#core/ids"
import { endpoint, Time } from "./endpoint.ts"

/** RFC 5321 allows 254 characters in a path; we keep addresses lower-case. */
export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email({ error: "Enter an email address such as ana@example.com" }))

/** ASVS 5.0 §6.2: at least 12 characters by our own rule, at least 64 allowed, nothing truncated, no composition rules. */
export const Password = z
  .string()
  .min(12, { error: "Use at least 12 characters" })
  .max(256, { error: "Use at most 256 characters" })

export const TenantSlug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{1,38})[a-z0-9]$/, {
  error: "Use 3 to 40 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
})

/** What a link holds behind its `#`, which no server is sent: the digest alone is stored. */
const InviteToken = z.string().regex(/^eci_[A-Za-z0-9_-]{43}$/, { error: "This is no link of an invitation" })
const ResetToken = z.string().regex(/^ecp_[A-Za-z0-9_-]{43}$/, { error: "This is no link to set a password" })

export const Name = z.string().trim().min(1, { error: "Enter a name" }).max(120)

export const Tenant = z.object({ id: TenantId, name: z.string(), slug: z.string() }).meta({ id: "Tenant" })
export type Tenant = z.infer<typeof Tenant>

export const Preferences = z
  .strictObject({
    theme: z.enum(["system", "light", "dark"]).optional(),
    density: z.enum(["comfortable", "compact"]).optional(),
  })
  .meta({ id: "Preferences" })

export const User = z
  .object({ id: UserId, email: z.string(), name: z.string(), preferences: Preferences, created_at: Time })
  .meta({ id: "User" })
export type User = z.infer<typeof User>

const Tokens = z.object({ access_token: z.string(), refresh_token: z.string() })

const TenantChoice = z
  .object({ tenants: z.array(Tenant.extend({ role: Role })) })
  .meta({ id: "TenantChoice", description: "Log in again with the `tenant_slug` of one of these." })

/** A platform admin who acts in this person's name, and until when. */
export const Support = z
  .object({
    admin: z.object({ id: UserId, name: z.string(), email: z.string() }),
    impersonation_id: ImpersonationId,
    reason: z.string(),
    may_write: z.boolean(),
    expires_at: Time,
  })
  .meta({ id: "Support" })
export type Support = z.infer<typeof Support>

/** Why a tenant is suspended, since when, and whom to ask: the platform admin who did it, while there is one. */
export const Suspension = z
  .object({ reason: z.string().nullable(), since: Time.nullable(), contact: z.string().nullable() })
  .meta({ id: "Suspension" })
export type Suspension = z.infer<typeof Suspension>

export const Me = z
  .object({
    user: User,
    tenant: Tenant,
    role: Role,
    capabilities: z.array(z.enum(allCapabilities)),
    tenants: z.array(Tenant.extend({ role: Role })),
    /** Whether this person administers the installation; never so in somebody else's name. */
    is_platform_admin: z.boolean(),
    support: Support.nullable(),
    /** Of a tenant that is suspended: everything in it can be read, and nothing changed or started. */
    suspension: Suspension.nullable(),
  })
  .meta({ id: "Me" })
export type Me = z.infer<typeof Me>

export const Session = z
  .object({
    id: SessionId,
    tenant_id: TenantId,
    current: z.boolean(),
    user_agent: z.string(),
    created_at: Time,
    used_at: Time,
  })
  .meta({ id: "Session" })

const tag = "Auth"

export const authApi = {
  register: endpoint({
    method: "POST",
    path: "/auth/register",
    needs: "public",
    tag,
    status: 201,
    summary: "Create a tenant, its database and its first admin",
    description:
      "With the email and password of an existing account, that account becomes the admin of one more tenant. With another password it is a new account: an address says nothing of whether somebody has it already.",
    body: z.strictObject({
      email: Email,
      password: Password,
      name: Name.optional(),
      tenant_name: Name,
      tenant_slug: TenantSlug,
    }),
    reply: Tokens.extend({ tenant_id: TenantId, user_id: UserId }),
  }),
  login: endpoint({
    method: "POST",
    path: "/auth/login",
    needs: "public",
    tag,
    summary: "Sign in",
    body: z.strictObject({
      email: Email,
      password: z.string().min(1).max(256),
      tenant_slug: z.string().max(40).optional(),
    }),
    reply: Tokens.extend({ user: User, tenant: Tenant }),
    also: { 300: { description: "The account belongs to several tenants", schema: TenantChoice } },
  }),
  refresh: endpoint({
    method: "POST",
    path: "/auth/refresh",
    needs: "public",
    tag,
    summary: "Exchange a refresh token for a new pair",
    description:
      "The token comes in the body or in the cookie. Each works once (with 10 s of grace for parallel tabs); a second use ends the whole family.",
    body: z.strictObject({ refresh_token: z.string().min(1).max(200).optional() }).optional(),
    reply: Tokens,
  }),
  logout: endpoint({
    method: "POST",
    path: "/auth/logout",
    needs: "session",
    support: "allowed",
    tag,
    summary: "End this session",
    status: 204,
  }),
  switch: endpoint({
    method: "POST",
    path: "/auth/switch",
    needs: "session",
    tag,
    summary: "Continue in another of your tenants",
    body: z.strictObject({ tenant_id: TenantId }),
    reply: Tokens,
  }),
  me: endpoint({
    method: "GET",
    path: "/auth/me",
    needs: "session",
    support: "allowed",
    tag,
    summary: "Who you are and what you may do",
    reply: Me,
  }),
  updateMe: endpoint({
    method: "PATCH",
    path: "/auth/me",
    needs: "session",
    tag,
    summary: "Change your name or preferences",
    body: z.strictObject({ name: Name.optional(), preferences: Preferences.optional() }),
    reply: Me,
  }),
  password: endpoint({
    method: "POST",
    path: "/auth/password",
    needs: "session",
    tag,
    status: 204,
    summary: "Change your password; ends your other sessions",
    body: z.strictObject({ current_password: z.string().min(1).max(256), new_password: Password }),
  }),
  reauthenticate: endpoint({
    method: "POST",
    path: "/auth/reauthenticate",
    needs: "session",
    tag,
    summary: "Prove who you are once more, for what needs a recent password",
    description: "The answer `auth.reauthentication_required` asks for this; the proof holds for 15 minutes.",
    body: z.strictObject({ password: z.string().min(1).max(256) }),
    reply: z.object({ proven_until: Time }),
  }),
  resetRequest: endpoint({
    method: "POST",
    path: "/auth/reset-request",
    needs: "public",
    tag,
    status: 204,
    summary: "Ask for a mail by which a forgotten password is set anew",
    description:
      "Answers the same for every address, whether it has an account or not. At most 3 an hour for one address.",
    body: z.strictObject({ email: Email }),
  }),
  reset: endpoint({
    method: "POST",
    path: "/auth/reset",
    needs: "public",
    tag,
    status: 204,
    summary: "Set a new password by a link; ends all sessions of the account",
    description: "A link works once, for 30 minutes.",
    body: z.strictObject({ token: ResetToken, password: Password }),
  }),
  invitation: endpoint({
    method: "POST",
    path: "/auth/invitation",
    needs: "public",
    tag,
    summary: "What an invitation is for, by the token of its link",
    body: z.strictObject({ token: InviteToken }),
    reply: z.object({
      email: z.string(),
      role: Role,
      tenant: z.object({ name: z.string(), slug: z.string() }),
      invited_by: z.string(),
      expires_at: Time,
    }),
  }),
  acceptInvite: endpoint({
    method: "POST",
    path: "/auth/accept-invite",
    needs: "public",
    tag,
    summary: "Accept an invitation with a new account, or with the password of the one you have",
    description:
      "With `existing` it is only accepted with an account of its address, and a wrong password is refused; otherwise a password that opens none makes a new account.",
    body: z.strictObject({
      token: InviteToken,
      name: Name.optional(),
      password: Password,
      existing: z.boolean().default(false),
    }),
    reply: Tokens.extend({ tenant_id: TenantId, user_id: UserId }),
  }),
  join: endpoint({
    method: "POST",
    path: "/auth/join",
    needs: "session",
    tag,
    summary: "Accept an invitation as who you are signed in as",
    description: "Afterwards `POST /auth/switch` leads to the tenant.",
    body: z.strictObject({ token: InviteToken }),
    reply: z.object({ tenant: Tenant }),
  }),
  sessions: endpoint({
    method: "GET",
    path: "/auth/sessions",
    needs: "session",
    tag,
    summary: "Your sessions",
    reply: z.object({ sessions: z.array(Session) }),
  }),
  endSession: endpoint({
    method: "DELETE",
    path: "/auth/sessions/:session_id",
    needs: "session",
    tag,
    summary: "End one of your sessions",
    status: 204,
    params: z.object({ session_id: SessionId }),
  }),
  ticket: endpoint({
    method: "POST",
    path: "/tickets",
    needs: "session",
    support: "allowed",
    tag,
    status: 201,
    summary: "A one-time ticket for a stream opened by a browser",
    description:
      "Works once, for 60 s, for you and this resource only. Pass it as `?ticket=` where headers cannot be set.",
    body: z.strictObject({
      resource: z
        .string()
        .regex(/^\/api\/v1\/[\w/-]{1,200}$/, { error: "Name the path of a stream under /api/v1" }),
    }),
    reply: z.object({ ticket: z.string(), expires_at: Time }),
  }),
} as const
