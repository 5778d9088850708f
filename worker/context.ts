import type { Capability } from "#core/access/capabilities"
import { can, type Actor } from "#core/access/roles"
import { Failure } from "#core/errors"
import type { KeyRestrictions } from "#core/contract/api-keys"
import type { Chance, ChatId, SessionId, TenantId, UserId } from "#core/ids"
import type { Db, Receipt, Sealing } from "#worker/db/commit"
import type { Standing } from "#worker/db/shares"

/** What a verb may ask of its surroundings. Time and chance come in as values, so tests need no fake timers. */
export type BaseCtx = {
  requestId: string
  now: number
  chance: Chance
  /** The control database: tenants, identities, sessions, keys. Opened when asked for, for the hot path never needs it. */
  control(): Promise<Db>
  /** Keeps the request's isolate alive for work that the answer need not wait for. */
  after(work: Promise<unknown>): void
  /** Who seals the audit entries that verbs write. */
  sealing: Sealing
  /** Who asks over HTTP; absent where nobody does. */
  client?: Client
}

/** A verb's context inside a tenant. */
export type Ctx = BaseCtx & {
  tenant: { id: TenantId; slot: string }
  actor: Actor
  /** The session of a person who signed in; absent for an API key. */
  session?: SessionId
  /** Whether this is a platform admin, in their own name. */
  isPlatformAdmin?: boolean
  /** What a key that stands in a site's source is held to. */
  restrictions?: KeyRestrictions | undefined
  /** The person on whose rights the caller acts: themselves, or a key's owner. */
  person?: UserId
  /** The flow, crew, agent, execution, chat or trigger that the address names. */
  about?: string
  /** How far that is shared with the caller, where it was looked up. */
  standing?: Standing
  /** The one chat that a visitor of such a site may see. */
  visit?: { c: ChatId }
  /** The tenant's own database, as the caller may see it. */
  db: Db
  /** An Idempotency-Key that this request claimed; `commit` keeps the answer in the same batch as the effect. */
  receipt?: Receipt
}

/** A verb's context before anybody is known. */
export type PublicCtx = BaseCtx & { client: Client }

export type Client = { address: string; userAgent: string }

/** The first line of every verb that is not public. */
export function allow(actor: Actor, capability: Capability): void {
  if (!can(actor, capability)) throw new Failure("access.denied", { more: { needs: capability } })
}

export const isoTime = (ms: number): string => new Date(ms).toISOString()

export const randomBytes: Chance = (bytes) => crypto.getRandomValues(new Uint8Array(bytes))

/** `If-Match`: the version that the caller read must still be the one that is here. */
export function assertVersion(now: number, was: number | undefined): void {
  if (was === undefined || was === now) return
  throw new Failure("conflict.stale", {
    detail: `This has changed since you read it: it is version ${now}, not ${was}. Reload and try again.`,
  })
}
