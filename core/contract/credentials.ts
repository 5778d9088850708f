import * as z from "zod"
import { CredentialId, FlowId } from "#core/ids"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

/** How a secret is sent: `Authorization: Bearer …`, `Authorization: Basic …`, a header of its own, or a parameter of the address. */
export const CredentialKind = z.enum(["bearer", "basic", "header", "query"])
export type CredentialKind = z.infer<typeof CredentialKind>

export const CredentialConfig = z
  .strictObject({
    /** header only: the header's name, such as `X-Api-Key`. */
    header: z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, { error: "Enter the name of a header, such as X-Api-Key" })
      .optional(),
    /** query only: the parameter's name, such as `api_key`. */
    parameter: z
      .string()
      .regex(/^[\w.~-]{1,100}$/, { error: "Enter the name of a parameter, such as api_key" })
      .optional(),
    /** basic only: the user name; the secret is the password. */
    user_name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^:\p{Cc}]+$/u, {
        error: "A user name holds neither colons nor control signs",
      })
      .optional(),
  })
  .meta({ id: "CredentialConfig" })
export type CredentialConfig = z.infer<typeof CredentialConfig>

/** `api.example.com`, or `*.example.com` for every name below it. */
export const AllowedHost = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(
    /^(?:\*(?:\.[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d])?){2,}|[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d])?(?:\.[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d])?)*)$/,
    {
      error: "Enter a host such as api.example.com, or *.example.com; without https:// and path",
    },
  )
  .meta({ example: "api.example.com" })

/** Shorter ones could not be told from ordinary words when an answer that repeats them is cleaned. */
const leastSecret = 8

const Secret = z
  .string()
  .trim()
  .min(leastSecret, { error: `Enter at least ${leastSecret} characters` })
  .max(8_192)
  .regex(/^[^\p{Cc}]+$/u, { error: "A secret is one line without control signs" })

const draft = {
  name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
  kind: CredentialKind,
  config: CredentialConfig.default({}),
  allowed_hosts: z.array(AllowedHost).min(1, { error: "Enter at least one host" }).max(50),
  is_active: z.boolean().default(true),
}

export const Credential = z
  .object({
    id: CredentialId,
    name: z.string(),
    kind: CredentialKind,
    is_active: z.boolean(),
    /** This and the next two are only for those who may change it. */
    config: CredentialConfig.optional(),
    secret: z.object({ set: z.boolean(), hint: z.string() }).optional(),
    /** The only hosts that it is sent to. */
    allowed_hosts: z.array(z.string()).optional(),
    version: z.int(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Credential" })
export type Credential = z.infer<typeof Credential>

const params = z.object({ credential_id: CredentialId })
const tag = "Credentials"
const one = z.object({ credential: Credential })

export const credentialsApi = {
  list: endpoint({
    method: "GET",
    path: "/credentials",
    needs: "credential.read",
    tag,
    summary: "List credentials for outgoing calls",
    query: listQuery(["created_at", "name", "kind"]),
    reply: z.object({ credentials: z.array(Credential), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/credentials",
    needs: "credential.edit",
    tag,
    summary: "Store a credential; its secret is never told again",
    status: 201,
    body: z.strictObject({ ...draft, secret: Secret }),
    reply: one,
  }),
  get: endpoint({
    method: "GET",
    path: "/credentials/:credential_id",
    needs: "credential.read",
    tag,
    summary: "One credential, with the flows that name it",
    params,
    reply: one.extend({
      /** Flows whose draft or published version names it. */
      used_by: z.array(z.object({ id: FlowId, name: z.string() })),
    }),
  }),
  update: endpoint({
    method: "PUT",
    path: "/credentials/:credential_id",
    needs: "credential.edit",
    tag,
    summary: "Change a credential; an absent secret stays as it is",
    description: "Further hosts, or another kind, want the secret again.",
    params,
    body: z.strictObject({ ...draft, secret: Secret.optional() }),
    reply: one,
    headers: { "If-Match": "The ETag you read; 412 when it has changed since" },
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/credentials/:credential_id",
    needs: "credential.edit",
    tag,
    summary: "Delete a credential that no flow names",
    status: 204,
    params,
  }),
  restore: endpoint({
    method: "POST",
    path: "/credentials/:credential_id/restore",
    needs: "credential.edit",
    tag,
    summary: "Bring back a deleted credential",
    params,
    reply: one,
  }),
} as const
