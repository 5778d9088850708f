export type RefusalReason =
  | "malformed"
  | "scheme"
  | "userinfo"
  | "port"
  | "address"
  | "host"
  | "redirect"
  | "too_large"

/** A call that was not made, or was cut, because it may not go where it wanted. The message names host and reason, no path. */
export class EgressRefused extends Error {
  readonly reason: RefusalReason

  constructor(reason: RefusalReason, message: string) {
    super(message)
    this.name = "EgressRefused"
    this.reason = reason
  }
}
