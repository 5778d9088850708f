import { membersApi } from "#core/contract/members"
import type { BodyIn } from "#core/contract/endpoint"
import { call } from "./api.ts"
import { newMember, password, unique, type TestTenant } from "./tenants.ts"

/** A further member, and somebody who is invited. */
export type PeopleWorld = Record<"user_id" | "invitation_id", string>

export const inviteDraft = (
  email = `${unique("invited")}@example.com`,
): BodyIn<typeof membersApi.invite> => ({ email, role: "viewer" })

export async function newPeopleWorld(tenant: TestTenant): Promise<PeopleWorld> {
  const { invitation } = await call(membersApi.invite, { token: tenant.token, body: inviteDraft() })
  return { user_id: (await newMember(tenant, "viewer")).user, invitation_id: invitation.id }
}

const ulid = "01JD0000000000000000000000"
export const nobodyInvited: PeopleWorld = { user_id: `user_${ulid}`, invitation_id: `invite_${ulid}` }

/** A link's token that was never given out. */
const noInvite = `eci_${"A".repeat(43)}`

export const peopleBodies = {
  "POST /auth/reauthenticate": () => ({ password }),
  "POST /auth/reset-request": () => ({ email: "nobody@example.com" }),
  "POST /auth/reset": () => ({ token: `ecp_${"A".repeat(43)}`, password: "another-kite-88-sky" }),
  "POST /auth/invitation": () => ({ token: noInvite }),
  "POST /auth/accept-invite": () => ({ token: noInvite, name: "Ana", password: "another-kite-88-sky" }),
  "POST /auth/join": () => ({ token: noInvite }),
  "PUT /sso": () => ({
    issuer: "https://login.example.com",
    client_id: "edgecrew",
    client_secret: "sso-secret-0123456789abcdef",
    domains: ["example.com"],
  }),
  "POST /auth/sso/start": () => ({ tenant_slug: "nobody" }),
  "POST /auth/sso/finish": () => ({ state: "A".repeat(43), code: "none" }),
  "POST /users": () => inviteDraft(),
  "POST /users/invite": () => inviteDraft(),
  "PATCH /users/:user_id": () => ({ role: "executor" }),
}
