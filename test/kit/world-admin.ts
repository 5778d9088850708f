import type { TestTenant } from "./tenants.ts"

/** What the installation's own routes name. */
export type AdminWorld = {
  tenant_id: string
  user_id: string
  /** A platform admin's time in somebody's name. */
  impersonation_id: string
  /** A feature that can be switched. */
  name: string
}

/** More than any test uses. */
const quotas = { flows: 1_000_000 }

const ulid = "01JD0000000000000000000000"

export const noAdmin = {
  tenant_id: `tenant_${ulid}`,
  impersonation_id: `imp_${ulid}`,
  name: "registration",
}

export const newAdminWorld = ({ id }: TestTenant): Omit<AdminWorld, "user_id"> => ({
  ...noAdmin,
  tenant_id: id,
})

export const adminBodies: Record<string, (world: AdminWorld) => unknown> = {
  "PATCH /admin/tenants/:tenant_id": () => ({ status: "active", reason: "A test of the panel" }),
  "PATCH /admin/users/:user_id": () => ({ is_platform_admin: false }),
  "PUT /admin/tenants/:tenant_id/quotas": () => quotas,
  "PUT /admin/switches/:name": () => ({ is_on: true }),
  "POST /admin/impersonate": ({ tenant_id, user_id }) => ({
    tenant_id,
    user_id,
    reason: "A test of the panel",
  }),
}
