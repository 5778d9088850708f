import * as z from "zod"
import { ApprovalId, ExecutionId, TenantId } from "#core/ids"
import { base64url, keyedDigest, sameSecret } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"

const Address = z.object({
  /** What for, whose, which execution, which step, until when (ms since 1970; absent: while it is asked). */
  p: z.enum(["callback", "approval"]),
  t: TenantId,
  e: ExecutionId,
  k: z.string().min(1),
  /** The one question that a person made it for; absent: whatever the step asks. */
  a: ApprovalId.optional(),
  x: z.int().optional(),
})
export type Address = z.infer<typeof Address>

/** A token that names one step of one execution and that nobody else can make: its data and an HMAC over them, base64url. */
export function addressToken(env: Env, address: Address): string {
  const data = base64url(new TextEncoder().encode(JSON.stringify(address)))
  return `${data}.${signature(env, data)}`
}

/** What a token says; undefined unless it is ours. */
export function readAddress(env: Env, token: string): Address | undefined {
  const [data = "", mac = "", ...more] = token.split(".")
  if (more.length > 0 || !sameSecret(mac, signature(env, data))) return undefined
  return Address.parse(JSON.parse(Buffer.from(data, "base64url").toString()))
}

const signature = (env: Env, data: string): string =>
  base64url(keyedDigest(settingsOf(env).PEPPER, `step address ${data}`))
