import * as z from "zod"
import { guardedFetch, type EgressPolicy } from "#worker/egress/guard"
import { slots } from "#worker/egress/slots"
import { settingsOf, type Env } from "#worker/env"

const Addresses = z.array(z.string())

/** A way out, narrowed for one sort of call. */
export type Egress = (
  limits?: Pick<EgressPolicy, "maxBytes" | "maxHops" | "headersMs" | "totalMs" | "judgeRedirect">,
) => typeof fetch

/**
 * The ways out for one object's or request's calls, which share its connections: keep it as long as the object lives. On a
 * machine of our own (where a resolver is bound) as many calls may wait for an answer as the machine bears; Cloudflare lets six
 * wait and queues the others unseen, so there the queue is ours, and one silent host cannot take all six places.
 */
export function waysOut(env: Env): Egress {
  const shared = env.RESOLVER ? slots(512, 128) : slots(6, 5)
  const base = {
    allow: settingsOf(env).EGRESS_ALLOW,
    // Where the runtime could reach a private network, names are resolved and judged first.
    resolve: env.RESOLVER && ((host: string) => resolve(env.RESOLVER!, host)),
    // … and what a name led to then may not be what it leads to now: the network judges the address that it dials.
    publicly: env.PUBLIC_NETWORK && publicly(env.PUBLIC_NETWORK),
    slots: shared,
  }
  return (limits = {}) => guardedFetch({ ...base, ...limits })
}

const publicly =
  (network: Fetcher): typeof fetch =>
  (input, init) =>
    network.fetch(input, init)

/** The way out for a request's few calls. */
export const egressOf = (env: Env): typeof fetch => waysOut(env)()

async function resolve(resolver: Fetcher, host: string): Promise<string[]> {
  const answer = await resolver.fetch(`http://resolver/?host=${encodeURIComponent(host)}`)
  if (!answer.ok) throw new TypeError(`${host} has no address`)
  return Addresses.parse(await answer.json())
}
