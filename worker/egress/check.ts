import { isPublicV4, isPublicV6, isV4 } from "#core/address"
import { EgressRefused } from "./refused.ts"
import { nameFault } from "./names.ts"

/** Where calls may go. Everything else is refused before a packet is sent. */
export type Destinations = {
  /** `host:port` of a developer's own servers (EGRESS_ALLOW), exactly as named; off by default, never set by a tenant. */
  allow?: readonly string[] | undefined
  /** When given, only these hosts; `*.example.com` stands for every name below it. */
  hosts?: readonly string[] | undefined
  ports?: readonly number[] | undefined
  /** Names under which this installation itself answers. */
  ownZones?: readonly string[] | undefined
}

export const usualPorts: readonly number[] = [80, 443, 8443]

const defaultPort: Record<string, number> = { "http:": 80, "https:": 443 }

/** What WHATWG URL would silently drop or turn: spaces, control signs and backslashes. */
// oxlint-disable-next-line no-control-regex -- control signs are what is refused
const smuggling = /[\u0000-\u0020\u007f\\]/

export type Checked = {
  url: URL
  /** Let through by name for a developer, not by its address. */ allowed: boolean
}

/** Parses once and judges; throws EgressRefused. `text` is the URL as it was written, when it still is known. */
export function checkUrl(
  input: string | URL,
  { allow = [], hosts, ports = usualPorts, ownZones = [] }: Destinations = {},
): Checked {
  const text = typeof input === "string" ? input : input.href
  if (text.length > 8_192) throw new EgressRefused("malformed", "The URL is too long.")
  if (smuggling.test(text))
    throw new EgressRefused("malformed", "The URL holds spaces, control signs or backslashes.")
  const url = parsed(text)
  if (!Object.hasOwn(defaultPort, url.protocol))
    throw new EgressRefused("scheme", `Only http and https may be called, not ${url.protocol.slice(0, 20)}`)
  if (url.username !== "" || url.password !== "")
    throw new EgressRefused("userinfo", "The URL must not hold a user name or password.")
  const port = url.port === "" ? defaultPort[url.protocol]! : Number(url.port)
  if (allow.includes(`${url.hostname}:${port}`)) return { url, allowed: true }
  if (!ports.includes(port)) throw new EgressRefused("port", `Port ${port} may not be called.`)
  const host = hostOf(url)
  const fault = hostFault(host, ownZones)
  if (fault) throw new EgressRefused("address", `${shown(host)} may not be called: ${fault}.`)
  if (hosts && !hostMatches(url, hosts))
    throw new EgressRefused("host", `${shown(host)} is not among the allowed hosts.`)
  return { url, allowed: false }
}

function parsed(text: string): URL {
  try {
    return new URL(text)
  } catch {
    throw new EgressRefused("malformed", "This is not a URL.")
  }
}

/** "example.com." and "example.com" are the same host. */
const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/(?<!\.)\.+$/, "")

const shown = (host: string): string => (host.length > 80 ? `${host.slice(0, 80)}…` : host)

function hostFault(host: string, ownZones: readonly string[]): string | undefined {
  if (host.startsWith("[")) return isPublicV6(host) ? undefined : "not a public address"
  if (isV4(host)) return isPublicV4(host) ? undefined : "not a public address"
  return nameFault(host, ownZones)
}

/** Whether a URL's host is one of those named; `*.example.com` stands for every name below it. */
export const hostMatches = (url: URL, hosts: readonly string[]): boolean =>
  hosts.some((one) => matches(hostOf(url), one))

const matches = (host: string, wanted: string): boolean => {
  const name = wanted.toLowerCase()
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name
}
