/** What we use of a package that brings no types of its own. */
declare module "oidc-provider" {
  import type { RequestListener } from "node:http"

  type Account = { accountId: string; claims: () => Record<string, unknown> }

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    callback(): RequestListener
    on(event: string, listener: (...args: never[]) => void): this
  }
  export type { Account }
}
