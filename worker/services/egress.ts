import * as z from "zod"
import { guardedFetch } from "#worker/egress/guard"
import { settingsOf, type Env } from "#worker/env"

const Addresses = z.array(z.string())

/** The way out for a tenant's calls. Where the runtime could reach a private network, names are resolved and judged first. */
export const egressOf = (env: Env): typeof fetch =>
  guardedFetch({
    allow: settingsOf(env).EGRESS_ALLOW,
    resolve: env.RESOLVER && ((host) => resolve(env.RESOLVER!, host)),
  })

async function resolve(resolver: Fetcher, host: string): Promise<string[]> {
  const answer = await resolver.fetch(`http://resolver/?host=${encodeURIComponent(host)}`)
  if (!answer.ok) throw new TypeError(`${host} has no address`)
  return Addresses.parse(await answer.json())
}
