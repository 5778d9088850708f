import * as z from "zod"
import { ApiKeyId, ChatId, TenantId } from "#core/ids"
import { base64url, keyedDigest, sameSecret } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"

const Visit = z.object({
  /** Whose, which chat, begun by which key, until when (ms since 1970). */
  t: TenantId,
  c: ChatId,
  k: ApiKeyId,
  x: z.int(),
})
export type Visit = z.infer<typeof Visit>

export const isVisitorToken = (text: string): boolean => text.startsWith("ecw_")

/** A token that opens one visitor's chat and that nobody else can make: its data and an HMAC over them, base64url. */
export function visitorToken(env: Env, visit: Visit): string {
  const data = base64url(new TextEncoder().encode(JSON.stringify(visit)))
  return `ecw_${data}.${signature(env, data)}`
}

/** What a token says; undefined unless it is ours and still holds. */
export function readVisitorToken(env: Env, token: string, now: number): Visit | undefined {
  const [data = "", mac = "", ...more] = token.slice("ecw_".length).split(".")
  if (more.length > 0 || !sameSecret(mac, signature(env, data))) return undefined
  const visit = Visit.parse(JSON.parse(Buffer.from(data, "base64url").toString()))
  return visit.x > now ? visit : undefined
}

const signature = (env: Env, data: string): string =>
  base64url(keyedDigest(settingsOf(env).PEPPER, `visitor ${data}`))
