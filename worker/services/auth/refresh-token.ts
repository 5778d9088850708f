import type { Chance } from "#core/ids"
import { base64url, keyedDigest } from "#worker/digest"

/** Opaque, 256 bits: `ecr_…`. Only its digest is stored. */
export const newRefreshToken = (chance: Chance): string => `ecr_${base64url(chance(32))}`

export const isRefreshToken = (text: string): boolean => /^ecr_[A-Za-z0-9_-]{43}$/.test(text)

/**
 * The one child of a spent token. It is derived, not drawn, so that parallel tabs that spend the same token within the grace
 * are given the same child although no token is stored: it takes the parent, the row's salt and the pepper.
 */
export const childOf = (parent: string, salt: string, pepper: string): string =>
  `ecr_${base64url(keyedDigest(pepper, `refresh:${salt}:${parent}`))}`
