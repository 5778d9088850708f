import * as z from "zod"
import { Role } from "#core/access/roles"
import { FeatureName } from "#core/features"
import { ImpersonationId, TenantId, UserId } from "#core/ids"
import { TenantChange, TenantStatus } from "#core/tenant"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"
import { QuotaLimits, QuotasReply } from "./quotas.ts"

/** What a tenant holds and does, read from its own database; `bytes` is that database's size. */
export const TenantUsage = z
  .object({
    flows: z.int(),
    agents: z.int(),
    executions_today: z.int(),
    executions_open: z.int(),
    cost_micros_30_days: z.int(),
    bytes: z.int(),
  })
  .meta({ id: "TenantUsage" })
export type TenantUsage = z.infer<typeof TenantUsage>

export const AdminTenant = z
  .object({
    id: TenantId,
    name: z.string(),
    slug: z.string(),
    status: TenantStatus,
    /** Why it is what it is, since when, and who put it there; null where nobody ever did. */
    status_reason: z.string().nullable(),
    status_at: Time.nullable(),
    status_by: z.object({ id: UserId, name: z.string(), email: z.string() }).nullable(),
    /** When a deleted tenant is erased for good: so long it can be restored. */
    erased_at: Time.nullable(),
    support_access: z.enum(["none", "read", "write"]),
    slot: z.string(),
    members: z.int(),
    api_keys: z.int(),
    created_at: Time,
    /** Null when the tenant's database cannot be read. */
    usage: TenantUsage.nullable(),
  })
  .meta({ id: "AdminTenant" })
export type AdminTenant = z.infer<typeof AdminTenant>

export const AdminMember = z
  .object({
    id: UserId,
    name: z.string(),
    email: z.string(),
    role: Role,
    status: z.enum(["active", "disabled"]),
  })
  .meta({ id: "AdminMember" })
export type AdminMember = z.infer<typeof AdminMember>

export const AdminUser = z
  .object({
    id: UserId,
    name: z.string(),
    email: z.string(),
    is_platform_admin: z.boolean(),
    created_at: Time,
    /** When one of the person's sessions was last used. */
    seen_at: Time.nullable(),
    tenants: z.array(
      z.object({
        id: TenantId,
        name: z.string(),
        role: Role,
        status: z.enum(["active", "disabled"]),
      }),
    ),
  })
  .meta({ id: "AdminUser" })
export type AdminUser = z.infer<typeof AdminUser>

export const Slot = z
  .object({
    name: z.string(),
    tenant: z.object({ id: TenantId, name: z.string() }).nullable(),
    claimed_at: Time.nullable(),
    /** When its tenant was erased for good: it is nobody's again, and nothing is left but to delete the database. */
    erased_at: Time.nullable(),
    /** The last migration known to be applied; null before the database was first opened. */
    migrated_to: z.string().nullable(),
    /** Whether it has every migration of this version; null while it has none. */
    is_current: z.boolean().nullable(),
    /** Whether the installation still has a binding of that name. */
    is_bound: z.boolean(),
  })
  .meta({ id: "Slot" })
export type Slot = z.infer<typeof Slot>

export const ProviderHealth = z
  .object({
    tenant: z.object({ id: TenantId, name: z.string() }),
    provider: z.object({ id: z.string(), name: z.string(), type: z.string() }),
    calls: z.int(),
    failures: z.int(),
    p50_ms: z.number().nullable(),
    p95_ms: z.number().nullable(),
    last_error: z.object({ code: z.string(), at: Time }).nullable(),
  })
  .meta({ id: "ProviderHealth" })
export type ProviderHealth = z.infer<typeof ProviderHealth>

export const TenantQueue = z
  .object({
    tenant: z.object({ id: TenantId, name: z.string() }),
    queued: z.int(),
    running: z.int(),
    waiting: z.int(),
    needs_attention: z.int(),
    /** When the oldest queued or running execution was started. */
    oldest_at: Time.nullable(),
  })
  .meta({ id: "TenantQueue" })
export type TenantQueue = z.infer<typeof TenantQueue>

export const Check = z
  .object({
    name: z.enum(["control_database", "tenant_databases", "sandbox", "slots"]),
    status: z.enum(["ok", "degraded", "failing", "off"]),
    /** What was found, and what to do about it. */
    detail: z.string(),
    latency_ms: z.int().nullable(),
  })
  .meta({ id: "AdminCheck" })
export type Check = z.infer<typeof Check>

export const FeatureSwitch = z
  .object({
    name: FeatureName,
    description: z.string(),
    is_on: z.boolean(),
    updated_at: Time.nullable(),
    updated_by: UserId.nullable(),
  })
  .meta({ id: "FeatureSwitch" })
export type FeatureSwitch = z.infer<typeof FeatureSwitch>

export const Impersonation = z
  .object({
    id: ImpersonationId,
    admin: z.object({ id: UserId, name: z.string(), email: z.string() }),
    user: z.object({ id: UserId, name: z.string(), email: z.string() }),
    tenant: z.object({ id: TenantId, name: z.string() }),
    reason: z.string(),
    may_write: z.boolean(),
    created_at: Time,
    expires_at: Time,
    ended_at: Time.nullable(),
  })
  .meta({ id: "Impersonation" })
export type Impersonation = z.infer<typeof Impersonation>

const Reason = z
  .string()
  .trim()
  .min(10, { error: "Say why, in ten characters at least: the tenant reads it in its audit log" })
  .max(500)

const tag = "Admin"
const tenantParams = z.object({ tenant_id: TenantId })
const userParams = z.object({ user_id: UserId })

export const adminApi = {
  tenants: endpoint({
    method: "GET",
    path: "/admin/tenants",
    needs: "platform",
    tag,
    summary: "The tenants of this installation, with what they use",
    query: listQuery(["created_at", "name", "slug"]).extend({
      limit: z.coerce.number().int().min(1).max(50).default(20),
      status: TenantStatus.optional(),
    }),
    reply: z.object({ tenants: z.array(AdminTenant), total: z.int(), page_info: PageInfo }),
  }),
  tenant: endpoint({
    method: "GET",
    path: "/admin/tenants/:tenant_id",
    needs: "platform",
    tag,
    summary: "One tenant with its members",
    params: tenantParams,
    reply: z.object({ tenant: AdminTenant, members: z.array(AdminMember) }),
  }),
  updateTenant: endpoint({
    method: "PATCH",
    path: "/admin/tenants/:tenant_id",
    needs: "platform",
    proof: true,
    tag,
    summary: "Suspend a tenant, delete it, or let it go on",
    description:
      "A suspended tenant is read and not changed: within 5 s nothing is written or started there, and what goes on pauses between two steps until the tenant is active again. Its people read the reason. A deleted one is gone for everybody within 5 s and is erased for good 30 days later; until then `active` restores it as it was. `confirm` is its slug, to delete it.",
    params: tenantParams,
    body: z.strictObject({ status: TenantChange, reason: Reason, confirm: z.string().max(100).optional() }),
    reply: z.object({ tenant: AdminTenant, members: z.array(AdminMember) }),
  }),
  tenantQuotas: endpoint({
    method: "GET",
    path: "/admin/tenants/:tenant_id/quotas",
    needs: "platform",
    tag,
    summary: "What a tenant may have or do in a day, and how much of it is used",
    params: tenantParams,
    reply: QuotasReply,
  }),
  setTenantQuotas: endpoint({
    method: "PUT",
    path: "/admin/tenants/:tenant_id/quotas",
    needs: "platform",
    proof: true,
    tag,
    summary: "Set a tenant's quotas; what is left out is as usual again",
    description: "Holds within 5 s. What a tenant has already beyond a lower limit stays; it gets no more.",
    params: tenantParams,
    body: QuotaLimits,
    reply: QuotasReply,
  }),
  users: endpoint({
    method: "GET",
    path: "/admin/users",
    needs: "platform",
    tag,
    summary: "Everybody who has an account, with their tenants",
    query: listQuery(["created_at", "name", "email"]).extend({
      platform_admins: z.stringbool().optional(),
    }),
    reply: z.object({ users: z.array(AdminUser), total: z.int(), page_info: PageInfo }),
  }),
  updateUser: endpoint({
    method: "PATCH",
    path: "/admin/users/:user_id",
    needs: "platform",
    proof: true,
    tag,
    summary: "Make somebody a platform admin, or take that away",
    description: "The last platform admin stays one.",
    params: userParams,
    body: z.strictObject({ is_platform_admin: z.boolean() }),
    reply: z.object({ user: AdminUser }),
  }),
  slots: endpoint({
    method: "GET",
    path: "/admin/slots",
    needs: "platform",
    tag,
    summary: "The databases for tenants: which are taken, which are free",
    reply: z.object({ slots: z.array(Slot), free: z.int(), total: z.int() }),
  }),
  health: endpoint({
    method: "GET",
    path: "/admin/health",
    needs: "platform",
    tag,
    summary: "How the installation is: its databases, the sandbox, the tenants' model providers and queues",
    description:
      "Providers and queues are read from the databases of the 50 newest tenants; the last 24 hours count.",
    reply: z.object({
      checks: z.array(Check),
      providers: z.array(ProviderHealth),
      queues: z.array(TenantQueue),
    }),
  }),
  switches: endpoint({
    method: "GET",
    path: "/admin/switches",
    needs: "platform",
    tag,
    summary: "What the operator may switch off",
    reply: z.object({ switches: z.array(FeatureSwitch) }),
  }),
  setSwitch: endpoint({
    method: "PUT",
    path: "/admin/switches/:name",
    needs: "platform",
    tag,
    summary: "Switch a feature on or off for the whole installation; holds within 5 s",
    params: z.object({ name: FeatureName }),
    body: z.strictObject({ is_on: z.boolean() }),
    reply: z.object({ switches: z.array(FeatureSwitch) }),
  }),
  impersonate: endpoint({
    method: "POST",
    path: "/admin/impersonate",
    needs: "platform",
    proof: true,
    tag,
    status: 201,
    summary: "Act in somebody's name for 30 minutes",
    description:
      "Reading only, unless the tenant lets support change things and `may_write` is asked for. Without secrets, exports, keys, people or a second hop; both names are in the audit log.",
    body: z.strictObject({
      user_id: UserId,
      tenant_id: TenantId,
      reason: Reason,
      may_write: z.boolean().default(false),
    }),
    reply: z.object({ impersonation: Impersonation, access_token: z.string() }),
  }),
  impersonations: endpoint({
    method: "GET",
    path: "/admin/impersonations",
    needs: "platform",
    tag,
    summary: "Who acted in whose name, and why",
    query: listQuery(["created_at"]).omit({ search: true }),
    reply: z.object({ impersonations: z.array(Impersonation), total: z.int(), page_info: PageInfo }),
  }),
  renewImpersonation: endpoint({
    method: "POST",
    path: "/admin/impersonations/:impersonation_id/token",
    needs: "platform",
    tag,
    status: 201,
    summary: "Another access token for an impersonation of yours that goes on",
    params: z.object({ impersonation_id: ImpersonationId }),
    reply: z.object({ impersonation: Impersonation, access_token: z.string() }),
  }),
} as const
