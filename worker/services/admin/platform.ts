import { Failure } from "#core/errors"
import type { UserId } from "#core/ids"
import type { Ctx } from "#worker/context"

/** The first line of every verb of the admin panel: the platform admin who asks, in their own name. */
export function platformAdmin({ actor, isPlatformAdmin }: Pick<Ctx, "actor" | "isPlatformAdmin">): UserId {
  if (actor.is === "user" && isPlatformAdmin) return actor.id
  throw new Failure("access.denied", { detail: "This needs a platform admin of this installation." })
}
