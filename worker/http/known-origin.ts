import type { KeyRestrictions } from "#core/contract/api-keys"
import { Failure } from "#core/errors"

/** Refuses pages of other origins than those that a key is for. */
export function assertKnownOrigin(request: Request, { origins }: KeyRestrictions): void {
  const origin = request.headers.get("origin")
  if (origin === null || !origins.includes(origin)) throw new Failure("request.foreign_origin")
}
