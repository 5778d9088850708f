import { Failure } from "#core/errors"
import type { UserId } from "#core/ids"
import { erasedAt } from "#core/tenant"
import type { Db } from "#worker/db/commit"
import * as identities from "#worker/db/identities"

/** Whom to ask about what a platform admin did: them, as long as they are one. */
export async function contactOf(control: Db, by: UserId | null): Promise<string | null> {
  const who = by === null ? undefined : await identities.byId(control, by)
  return who?.is_platform_admin ? who.email : null
}

/**
 * Why somebody who has given the right password gets in nowhere: the tenant that they mean, or else the only ones they had, were
 * deleted. Undefined when that is not why.
 */
export async function whyGone(
  control: Db,
  user: UserId,
  slug: string | undefined,
): Promise<Failure | undefined> {
  const gone = await identities.deletedOf(control, user)
  const one = slug === undefined ? gone[0] : gone.find((each) => each.slug === slug)
  if (!one || one.status_at === null) return undefined
  const contact = await contactOf(control, one.status_by)
  const erased_at = erasedAt(one.status_at)
  const whom = contact ?? "whoever runs this installation"
  return new Failure("tenant.deleted", {
    detail: `“${one.name}” can be restored until ${erased_at.slice(0, 10)}. Ask ${whom}.`,
    more: { tenant_name: one.name, erased_at, contact },
  })
}
