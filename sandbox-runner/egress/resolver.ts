import { lookup, Resolver } from "node:dns/promises"
import { isIP } from "node:net"
import { isPublicAddress } from "../../core/address.ts"

/** Why a name leads nowhere. */
export class Unreachable extends Error {
  override name = "Unreachable"
  readonly reason: "no_address" | "private_address" | "no_connection"

  constructor(reason: Unreachable["reason"]) {
    super(reason)
    this.reason = reason
  }
}

export interface ResolverOptions {
  /** Name servers (`address` or `address:port`) in place of the machine's own. */
  servers: readonly string[]
  /** `host:port` of the operator's own, whose addresses need not be public. */
  allow: readonly string[]
}

const mostAddresses = 16

/** Answers with addresses that may be dialled; whoever dials one of them dials what was checked, whatever the name says next. */
export class PublicResolver {
  readonly #resolver = new Resolver({ timeout: 2_000, tries: 2 })
  readonly #allow: readonly string[]

  constructor({ servers, allow }: ResolverOptions) {
    if (servers.length > 0) this.#resolver.setServers(servers)
    this.#allow = allow
  }

  /** All addresses of a host, if every one of them is public. Throws Unreachable. */
  async addresses(host: string, port: number): Promise<string[]> {
    if (this.#allow.includes(`${host}:${port}`)) return this.#own(host)
    if (!isPlainHost(host)) throw new Unreachable("no_address")
    const found = isIP(host) === 0 ? await this.#ask(host) : [host]
    if (found.length === 0) throw new Unreachable("no_address")
    // One that is not public spoils the name: it may be the one that another would dial.
    if (!found.every(isPublicAddress)) throw new Unreachable("private_address")
    return found.slice(0, mostAddresses)
  }

  async #ask(host: string): Promise<string[]> {
    const none = (): string[] => []
    const [v4, v6] = await Promise.all([
      this.#resolver.resolve4(host).catch(none),
      this.#resolver.resolve6(host).catch(none),
    ])
    return [...v4, ...v6]
  }

  /** As the name servers know it, else as the machine itself does, with its hosts file. */
  async #own(host: string): Promise<string[]> {
    if (isIP(host) !== 0) return [host]
    const asked = await this.#ask(host)
    if (asked.length > 0) return asked
    try {
      const found = await lookup(host, { all: true })
      return found.map(({ address }) => address)
    } catch {
      throw new Unreachable("no_address")
    }
  }
}

/** A host as DNS writes it, or an address in its one usual spelling: `127.1`, `0x7f000001` and their like are neither. */
function isPlainHost(host: string): boolean {
  if (isIP(host) !== 0) return true
  const labels = host.split(".")
  return (
    !/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "") &&
    labels.every((label) => label.length > 0 && label.length <= 63)
  )
}
