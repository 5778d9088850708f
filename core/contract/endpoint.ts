import * as z from "zod"
import type { Capability } from "#core/access/capabilities"

/**
 * Who may call: `public` (anyone), `member` (anyone signed in to a tenant), `session` (a person, not an API key), `platform`
 * (a platform admin in their own name), or a capability. There is no default: a route that does not say it does not compile.
 */
export type Needs = "public" | "member" | "session" | "platform" | Capability

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

type Schema = z.ZodType
type Shape = z.ZodObject

export type Endpoint = {
  method: Method
  /** Under `/api/v1`, with `:name` for parameters. */
  path: string
  needs: Needs
  /** One line for the reference. */
  summary: string
  /** Further sentences for the reference. */
  description?: string
  tag: string
  params?: Shape
  query?: Shape
  body?: Schema
  /** The body of a success; absent means 204. */
  reply?: Schema
  /** The success status; 200, or 204 without a reply. */
  status?: 200 | 201 | 202 | 204
  /** Other answers that are no failures, such as 300 or 202, by status. */
  also?: Record<number, { description: string; schema?: Schema; type?: string }>
  /** Header parameters worth documenting. */
  headers?: Record<string, string>
  /** A body of more bytes is refused with 413; 1 MiB unless said. */
  mostBytes?: number
  /** A person must have given their password lately (`worker/services/auth/proof.ts`); an API key has none to give. */
  proof?: true
  /** Answers something other than JSON (a stream); the handler makes the Response itself. */
  raw?: true
  /**
   * What a platform admin finds here who acts in somebody's name: `allowed` opens one of the person's own addresses (`session`),
   * which are closed otherwise; `withheld` closes one that the person's role opens, such as an export.
   */
  support?: "allowed" | "withheld"
  /** Changes nothing although its method could: it works out an answer. Open in a tenant that is suspended. */
  reads?: true
  /** For pages of other sites: keys with restrictions open these addresses, and no others. */
  widget?: true
}

/** A contract is data: the Worker binds it, the browser calls it, OpenAPI is made from it, tests drive it. */
export const endpoint = <const E extends Endpoint>(one: E): E => one

type Out<S> = S extends Schema ? z.output<S> : undefined
type In<S> = S extends Schema ? z.input<S> : undefined

export type ParamsOf<E extends Endpoint> = Out<E["params"]>
export type QueryOf<E extends Endpoint> = Out<E["query"]>
export type BodyOf<E extends Endpoint> = Out<E["body"]>
export type ReplyOf<E extends Endpoint> = Out<E["reply"]>
export type QueryIn<E extends Endpoint> = In<E["query"]>
export type BodyIn<E extends Endpoint> = In<E["body"]>

export const apiBase = "/api/v1"

/** What every list takes. `sort` is a field, with a minus for descending. */
export const listQuery = (sortable: readonly [string, ...string[]]) =>
  z.strictObject({
    page: z.coerce.number().int().min(1).max(100_000).default(1),
    limit: z.coerce.number().int().min(1).max(200).default(20),
    sort: z
      .string()
      .regex(new RegExp(`^-?(${sortable.join("|")})$`), {
        error: `Sort by one of: ${sortable.join(", ")}; a minus before it turns the order`,
      })
      .default("-created_at"),
    search: z.string().max(200).optional(),
  })

export const PageInfo = z
  .object({ page: z.int(), limit: z.int(), has_next: z.boolean(), has_prev: z.boolean() })
  .meta({ id: "PageInfo" })
export type PageInfo = z.infer<typeof PageInfo>

export function pageInfo(page: number, limit: number, total: number): PageInfo {
  return { page, limit, has_next: page * limit < total, has_prev: page > 1 }
}

/** ISO 8601 UTC. */
export const Time = z.string().meta({ format: "date-time", example: "2026-11-21T09:30:00.000Z" })
