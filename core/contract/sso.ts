import * as z from "zod"
import { TenantId, UserId } from "#core/ids"
import { webAddress } from "#core/web-address"
import { TenantSlug } from "./auth.ts"
import { endpoint, Time } from "./endpoint.ts"

/** As the provider writes itself in its tokens; where it is found is judged when it is called, like every address. */
export const Issuer = webAddress(500, "Enter the issuer's address, such as https://login.example.com").refine(
  (text) => !/[?#]/.test(text),
  { error: "An issuer has neither a query nor a fragment" },
)

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, {
    error: "Enter a domain such as example.com",
  })

export const SsoConnection = z
  .object({
    issuer: z.string(),
    client_id: z.string(),
    /** Never shown; null for a public client, which proves itself by PKCE alone. */
    client_secret: z.object({ set: z.literal(true), hint: z.string() }).nullable(),
    domains: z.array(z.string()),
    is_active: z.boolean(),
    /** What the provider must be told that it may lead back to. */
    redirect_uri: z.string(),
    updated_at: Time,
    version: z.int(),
  })
  .meta({ id: "SsoConnection" })
export type SsoConnection = z.infer<typeof SsoConnection>

const tag = "Single sign-on"
const one = z.object({ sso: SsoConnection })

export const ssoApi = {
  get: endpoint({
    method: "GET",
    path: "/sso",
    needs: "workspace.edit",
    tag,
    summary: "The tenant's OpenID provider",
    reply: z.object({ sso: SsoConnection.nullable() }),
  }),
  put: endpoint({
    method: "PUT",
    path: "/sso",
    needs: "workspace.edit",
    proof: true,
    tag,
    summary: "Let members sign in by an OpenID provider",
    description:
      "Any issuer with OpenID Connect discovery; code flow with PKCE. It signs in members, and who is invited, by a verified email address of one of the domains, to this tenant alone. Without `client_secret` the one that is set stays; null takes it away.",
    body: z.strictObject({
      issuer: Issuer,
      client_id: z.string().trim().min(1, { error: "Enter the client's id" }).max(500),
      client_secret: z.string().min(1).max(2_000).nullable().optional(),
      domains: z.array(Domain).min(1, { error: "Name at least one domain" }).max(50),
      is_active: z.boolean().default(true),
    }),
    reply: one,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/sso",
    needs: "workspace.edit",
    proof: true,
    tag,
    status: 204,
    summary: "Sign in by passwords alone again",
  }),
  start: endpoint({
    method: "POST",
    path: "/auth/sso/start",
    needs: "public",
    tag,
    summary: "Begin to sign in by a tenant's OpenID provider",
    description:
      "Lead the browser to the address; what comes back is for `POST /auth/sso/finish`, from the same browser.",
    body: z.strictObject({ tenant_slug: TenantSlug }),
    reply: z.object({ authorization_url: z.string() }),
  }),
  finish: endpoint({
    method: "POST",
    path: "/auth/sso/finish",
    needs: "public",
    tag,
    summary: "Finish signing in, with what the provider has led back with",
    body: z.strictObject({
      state: z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: "This is none of our states" }),
      code: z.string().min(1).max(4_000),
      iss: z.string().max(500).optional(),
    }),
    reply: z.object({
      access_token: z.string(),
      refresh_token: z.string(),
      tenant_id: TenantId,
      user_id: UserId,
    }),
  }),
} as const
