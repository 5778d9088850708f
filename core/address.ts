/** Which addresses are public unicast. Everything that is not clearly so is refused. */

type Range = readonly [network: number, bits: number]

const v4 = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0)

/** IANA special-purpose registry for IPv4, and two addresses at which clouds answer. */
const closedBlocksV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  ["168.63.129.16", 32],
] as const

const closedV4: readonly Range[] = closedBlocksV4.map(([network, bits]) => [v4(network), bits])

const inRange = (address: number, [network, bits]: Range): boolean => {
  const size = 2 ** (32 - bits)
  return Math.floor(address / size) === Math.floor(network / size)
}

const dotted = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/

/** Whether a dotted IPv4 address, as WHATWG URL writes it, is public. */
export const isPublicV4 = (text: string): boolean =>
  dotted.test(text) && !closedV4.some((range) => inRange(v4(text), range))

export const isV4 = (text: string): boolean => dotted.test(text)

/** The eight groups of an IPv6 address; undefined when it is none. */
export function groupsOf(text: string): number[] | undefined {
  let plain = text.replace(/^\[|\]$/g, "").toLowerCase()
  const tail = /^(.*:)((?:\d{1,3}\.){3}\d{1,3})$/.exec(plain)
  if (tail) {
    if (!isV4(tail[2]!)) return undefined
    const low = v4(tail[2]!)
    plain = `${tail[1]}${Math.floor(low / 65_536).toString(16)}:${(low % 65_536).toString(16)}`
  }
  const halves = plain.split("::")
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map((half) => (half === "" ? [] : half.split(":")))
  const missing = 8 - head.length - rest.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const all = [...head, ...Array.from({ length: Math.max(0, missing) }, () => "0"), ...rest]
  return all.every((one) => /^[\da-f]{1,4}$/.test(one))
    ? all.map((one) => Number.parseInt(one, 16))
    : undefined
}

/** Inside 2000::/3, what is not for the public: protocol assignments with Teredo, documentation, 6to4. */
const closedV6: readonly [prefix: readonly number[], bits: number][] = [
  [[0x2001, 0x0000], 23],
  [[0x2001, 0x0db8], 32],
  [[0x2002], 16],
  [[0x2620, 0x004f, 0x8000], 48],
  [[0x3fff], 20],
]

/** What lies outside 2000::/3 and leads to an IPv4 address, to neighbours or to nobody. */
const outsideV6 = [
  "::/96",
  "::ffff:0:0/96",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "5f00::/16",
  "fc00::/7",
  "fe80::/10",
  "fec0::/10",
  "ff00::/8",
] as const

/** The closed networks as a filter of connections reads them, such as `10.0.0.0/8`. */
export const closedNetworks: readonly string[] = [
  ...closedBlocksV4.map(([network, bits]) => `${network}/${bits}`),
  ...closedV6.map(([prefix, bits]) => `${prefix.map((group) => group.toString(16)).join(":")}::/${bits}`),
  ...outsideV6,
]

function hasPrefix(groups: readonly number[], prefix: readonly number[], bits: number): boolean {
  for (let i = 0, left = bits; left > 0; i++, left -= 16) {
    const shift = Math.max(0, 16 - left)
    if ((groups[i] ?? 0) >> shift !== (prefix[i] ?? 0) >> shift) return false
  }
  return true
}

/**
 * Whether an IPv6 address is public: global unicast (2000::/3) less the closed parts. Mapped, compatible, NAT64, local
 * and multicast addresses lie outside of it, so none of them can carry an IPv4 address past us.
 */
export function isPublicV6(text: string): boolean {
  const groups = groupsOf(text)
  if (!groups || groups[0]! >> 13 !== 1) return false
  return !closedV6.some(([prefix, bits]) => hasPrefix(groups, prefix, bits))
}

/** For addresses that a resolver answers: an IPv4 address may come mapped, and is judged as what it is. */
export function isPublicAddress(text: string): boolean {
  if (!text.includes(":")) return isPublicV4(text)
  const groups = groupsOf(text)
  const mapped = groups?.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  if (!groups || !mapped) return isPublicV6(text)
  return isPublicV4([groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join("."))
}
