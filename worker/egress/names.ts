import { isPublicV4 } from "#core/address"

/** Host names that lead inside, whatever a resolver says. */

const closedSuffixes = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "arpa",
  "onion",
  "invalid",
  "test",
  "example",
  "alt",
  "consul",
  "kubernetes",
  // Names of our own platform: a Worker must not call Workers by their public names.
  "workers.dev",
  "pages.dev",
  "cloudflareworkers.com",
]

/** DNS services that answer with the address written in the name, or always with loopback. */
const wildcardDns = [
  "nip.io",
  "sslip.io",
  "xip.io",
  "ipv6.is",
  "localtest.me",
  "lvh.me",
  "vcap.me",
  "lacolhost.com",
  "traefik.me",
  "local.gd",
  "localhost.direct",
  "lcl.host",
  "1u.ms",
  "rbndr.us",
  "nip.lol",
  "backname.io",
  "getlocal.host",
  "spoofed.burpcollaborator.net",
]

const under = (host: string, zone: string): boolean => host === zone || host.endsWith(`.${zone}`)

/** Why a name may not be called; undefined when nothing speaks against it. */
export function nameFault(host: string, ownZones: readonly string[]): string | undefined {
  if (!host.includes(".")) return "a name without a dot is local"
  if (
    host.length > 253 ||
    !/^(?:[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/.test(host)
  ) {
    return "not a public host name"
  }
  if (closedSuffixes.some((zone) => under(host, zone))) return "a local or reserved name"
  if (ownZones.some((zone) => under(host, zone))) return "a name of this installation"
  if (wildcardDns.some((zone) => under(host, zone))) return "a name that stands for any address"
  if (embeddedAddresses(host).some((address) => !isPublicV4(address)))
    return "a name with a private address in it"
  return undefined
}

/** IPv4 addresses written into a name: "10-0-0-1.example.com", "127.0.0.1.example.com". */
const embeddedAddresses = (host: string): string[] =>
  Array.from(
    host.matchAll(/(?<!\d)(\d{1,3})([.-])(\d{1,3})\2(\d{1,3})\2(\d{1,3})(?!\d)/g),
    ([, a, , b, c, d]) => [a, b, c, d].map(Number).join("."),
  )
