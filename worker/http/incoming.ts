import type { BaseCtx } from "#worker/context"
import type { Env } from "#worker/env"

/** A request as the router hands it on. */
export type Incoming = {
  request: Request
  env: Env
  after: BaseCtx["after"]
  requestId: string
  url: URL
  params: Record<string, string>
}
