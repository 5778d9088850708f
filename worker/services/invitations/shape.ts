import type { Invitation } from "#core/contract/members"
import type { Db } from "#worker/db/commit"
import type { InvitationRow } from "#worker/db/invitations"
import { namesOf } from "#worker/db/reviews"

/** Invitations as the contract shows them: everything but the link. */
export async function shown(control: Db, rows: readonly InvitationRow[], now: number): Promise<Invitation[]> {
  const [first] = rows
  if (!first) return []
  const names = await namesOf(
    control,
    first.tenant_id,
    rows.map((row) => row.invited_by),
  )
  return rows.map(({ id, email, role, invited_by, created_at, sent_at, expires_at }) => ({
    id,
    email,
    role,
    status: Date.parse(expires_at) > now ? "pending" : "expired",
    invited_by: { id: invited_by, name: names.get(invited_by) ?? invited_by },
    created_at,
    sent_at,
    expires_at,
  }))
}
