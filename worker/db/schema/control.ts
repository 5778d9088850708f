import { sql } from "drizzle-orm"
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { Capability } from "#core/access/capabilities"
import type { Role } from "#core/access/roles"
import type { KeyRestrictions } from "#core/contract/api-keys"
import type { User } from "#core/contract/auth"
import type { FeatureName } from "#core/features"
import type { ApiKeyId, ImpersonationId, InvitationId, SessionId, TenantId, UserId } from "#core/ids"
import type { ErasedCounts } from "#core/privacy/erasure"
import type { TenantStatus } from "#core/tenant"

// Times are ISO 8601 in UTC, as on the wire; they sort as text. Digests are SHA-256 in base64url.

export const tenants = sqliteTable("tenants", {
  id: text().$type<TenantId>().primaryKey(),
  name: text().notNull(),
  slug: text().notNull().unique(),
  slot: text().notNull().unique(),
  /** The tenant's data key, wrapped by the installation's key (worker/secrets/vault.ts). */
  data_key: text().notNull(),
  /** Of one that is `erased` only this row is left: without name or key, so that its database is given to nobody else. */
  status: text().$type<TenantStatus | "erased">().notNull().default("active"),
  /** Why it was put into the state that it is in, by whom, and when; null where nobody ever did. */
  status_reason: text(),
  status_by: text().$type<UserId>(),
  status_at: text(),
  /** What there was when its erasure began. */
  erased_counts: text({ mode: "json" }).$type<ErasedCounts>(),
  /** What a platform admin may do in the name of the tenant's people. */
  support_access: text().$type<"none" | "read" | "write">().notNull().default("read"),
  created_at: text().notNull(),
})

/** The pool of tenant databases: a row per binding, claimed by at most one tenant. */
export const slots = sqliteTable("slots", {
  name: text().primaryKey(),
  tenant_id: text().$type<TenantId>().unique(),
  claimed_at: text(),
  /** The last migration known to be applied. */
  migrated_to: text(),
})

export const identities = sqliteTable(
  "identities",
  {
    id: text().$type<UserId>().primaryKey(),
    /** As its owner says; nobody proves it by registering, so several accounts may say the same. */
    email: text().notNull(),
    name: text().notNull(),
    /** A PHC string. */
    password_hash: text().notNull(),
    preferences: text({ mode: "json" }).$type<User["preferences"]>().notNull(),
    /** Administers the installation, beside whatever the person is in tenants. */
    is_platform_admin: integer({ mode: "boolean" }).notNull().default(false),
    created_at: text().notNull(),
    updated_at: text().notNull(),
  },
  (row) => [index("identities_email").on(row.email)],
)

export const memberships = sqliteTable(
  "memberships",
  {
    identity_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    tenant_id: text()
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    role: text().$type<Role>().notNull(),
    /** Who was removed is kept by name, for what they wrote. */
    status: text().$type<"active" | "disabled" | "removed">().notNull().default("active"),
    created_at: text().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.identity_id, row.tenant_id] }),
    index("memberships_tenant").on(row.tenant_id),
  ],
)

/** A session is a family of refresh tokens: ending it ends them all. */
export const sessions = sqliteTable(
  "sessions",
  {
    id: text().$type<SessionId>().primaryKey(),
    identity_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    tenant_id: text()
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    user_agent: text().notNull(),
    created_at: text().notNull(),
    used_at: text().notNull(),
    expires_at: text().notNull(),
    ended_at: text(),
    ended_because: text(),
    /** When the password was last given; null: when the session began. */
    proven_at: text(),
    /** By a tenant's own provider: then it is good for that tenant alone. Null: by the account's password. */
    via: text().$type<"sso">(),
    /** Of a session that a platform admin has in this person's name. */
    impersonation_id: text().$type<ImpersonationId>(),
  },
  (row) => [index("sessions_identity").on(row.identity_id)],
)

/** What an address was invited to. Of one tenant and address at most one is open. */
export const invitations = sqliteTable(
  "invitations",
  {
    id: text().$type<InvitationId>().primaryKey(),
    tenant_id: text()
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    email: text().notNull(),
    role: text().$type<Role>().notNull(),
    /** Of the newest link's token. */
    digest: text().notNull().unique(),
    /** The person whose rights it stands on: it falls with them. */
    owner_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    invited_by: text().notNull(),
    created_at: text().notNull(),
    sent_at: text().notNull(),
    expires_at: text().notNull(),
    accepted_at: text(),
    accepted_by: text().$type<UserId>(),
    revoked_at: text(),
  },
  (row) => [
    uniqueIndex("invitations_open")
      .on(row.tenant_id, row.email)
      .where(sql`accepted_at is null and revoked_at is null`),
  ],
)

/** Links by which a password is set anew; each works once. */
export const password_resets = sqliteTable(
  "password_resets",
  {
    digest: text().primaryKey(),
    identity_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    /** The one tenant whose admin made it by hand; null when it was mailed to the address. */
    tenant_id: text().$type<TenantId>(),
    created_at: text().notNull(),
    expires_at: text().notNull(),
    used_at: text(),
  },
  (row) => [index("password_resets_identity").on(row.identity_id)],
)

/** When, why and how a platform admin acted in somebody's name. */
export const impersonations = sqliteTable(
  "impersonations",
  {
    id: text().$type<ImpersonationId>().primaryKey(),
    admin_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    user_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    tenant_id: text()
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    session_id: text().$type<SessionId>().notNull(),
    reason: text().notNull(),
    may_write: integer({ mode: "boolean" }).notNull(),
    created_at: text().notNull(),
    expires_at: text().notNull(),
    ended_at: text(),
  },
  (row) => [
    index("impersonations_created").on(row.created_at),
    index("impersonations_tenant").on(row.tenant_id),
  ],
)

/** What the operator has switched; a feature without a row is on. */
export const feature_switches = sqliteTable("feature_switches", {
  name: text().$type<FeatureName>().primaryKey(),
  is_on: integer({ mode: "boolean" }).notNull(),
  updated_by: text().$type<UserId>().notNull(),
  updated_at: text().notNull(),
})

export const refresh_tokens = sqliteTable(
  "refresh_tokens",
  {
    digest: text().primaryKey(),
    session_id: text()
      .$type<SessionId>()
      .notNull()
      .references(() => sessions.id),
    created_at: text().notNull(),
    used_at: text(),
    /** With the spent token and the pepper this gives its one child again, during the grace for parallel tabs. */
    child_salt: text(),
  },
  (row) => [index("refresh_tokens_session").on(row.session_id)],
)

export const api_keys = sqliteTable(
  "api_keys",
  {
    id: text().$type<ApiKeyId>().primaryKey(),
    tenant_id: text()
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    digest: text().notNull().unique(),
    hint: text().notNull(),
    name: text().notNull(),
    scopes: text({ mode: "json" }).$type<Capability[]>().notNull(),
    /** Of a key that stands in a site's source: one chat partner, and the site's origins. */
    restrictions: text({ mode: "json" }).$type<KeyRestrictions>(),
    /** The person whose present role bounds the key. */
    owner_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    created_by: text().notNull(),
    created_at: text().notNull(),
    expires_at: text(),
    used_at: text(),
    revoked_at: text(),
  },
  (row) => [index("api_keys_tenant").on(row.tenant_id)],
)

/** One-time tickets for streams that a browser opens without headers. Spending one deletes it. */
export const tickets = sqliteTable("tickets", {
  digest: text().primaryKey(),
  session_id: text().$type<SessionId>().notNull(),
  resource: text().notNull(),
  expires_at: text().notNull(),
})

/** Failed sign-ins by account and address; a success deletes the row. */
export const login_attempts = sqliteTable("login_attempts", {
  key: text().primaryKey(),
  failures: integer().notNull(),
  blocked_until: integer().notNull(),
})

/** A tenant's OpenID provider. */
export const sso_connections = sqliteTable("sso_connections", {
  tenant_id: text()
    .$type<TenantId>()
    .primaryKey()
    .references(() => tenants.id),
  issuer: text().notNull(),
  client_id: text().notNull(),
  /** Sealed under the tenant's data key; null for a public client. */
  client_secret: text(),
  hint: text().notNull(),
  domains: text({ mode: "json" }).$type<string[]>().notNull(),
  is_active: integer({ mode: "boolean" }).notNull(),
  version: integer().notNull(),
  created_at: text().notNull(),
  updated_at: text().notNull(),
})

/** Sign-ins that have gone to a provider and are not back yet; taking one up deletes it. */
export const sso_logins = sqliteTable("sso_logins", {
  /** Of the state and of the secret that the browser keeps, together. */
  digest: text().primaryKey(),
  tenant_id: text().$type<TenantId>().notNull(),
  expires_at: text().notNull(),
})

/** Whom a provider's subject is. */
export const sso_subjects = sqliteTable(
  "sso_subjects",
  {
    tenant_id: text()
      .$type<TenantId>()
      .notNull()
      .references(() => tenants.id),
    issuer: text().notNull(),
    subject: text().notNull(),
    identity_id: text()
      .$type<UserId>()
      .notNull()
      .references(() => identities.id),
    created_at: text().notNull(),
  },
  (row) => [primaryKey({ columns: [row.tenant_id, row.issuer, row.subject] })],
)
