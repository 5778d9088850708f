import * as z from "zod"
import { Failure } from "#core/errors"
import { ExecutionId, TenantId } from "#core/ids"
import type { AddressPurpose } from "#durable/execution/ports"
import { base64url, keyedDigest, sameSecret } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"

const Address = z.object({
  /** What for, whose, which execution, which step, until when (ms since 1970; absent: while it is asked). */
  p: z.enum(["callback", "approval"]),
  t: TenantId,
  e: ExecutionId,
  k: z.string().min(1).max(1_000),
  x: z.int().optional(),
})
export type Address = z.infer<typeof Address>

/** A token that names one step of one execution and that nobody else can make: its data and an HMAC over them, base64url. */
export function addressToken(env: Env, address: Address): string {
  const data = base64url(new TextEncoder().encode(JSON.stringify(address)))
  return `${data}.${signature(env, data)}`
}

/** What a token says, if it is ours, for this purpose, and not expired. */
export function readAddress(env: Env, token: string, purpose: AddressPurpose, now: number): Address {
  const refused = () => new Failure(purpose === "callback" ? "callback.invalid" : "approval.link_invalid")
  const [data = "", mac = "", ...more] = token.split(".")
  if (more.length > 0 || !sameSecret(mac, signature(env, data))) throw refused()
  const address = Address.parse(JSON.parse(Buffer.from(data, "base64url").toString()))
  if (address.p !== purpose || (address.x !== undefined && address.x <= now)) throw refused()
  return address
}

const signature = (env: Env, data: string): string =>
  base64url(keyedDigest(settingsOf(env).PEPPER, `step address ${data}`))
