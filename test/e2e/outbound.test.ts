import { connect } from "node:net"
import { once } from "node:events"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { byAct, byDeed, byToolKind, doors, type OutboundFeature } from "#test/kit/outbound"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { startFresh } from "#test/kit/server"
import { ssrfUrls } from "#test/kit/ssrf-urls"
import { Client } from "./kit/client.ts"
import { misleading, type Misleading } from "./kit/misleading.ts"
import { outboundProbes, type Probe } from "./kit/outbound-probes.ts"
import { turningNames, zone, type TurningNames } from "./kit/turning-names.ts"
import { register } from "./kit/world.ts"

let names: TurningNames
/** A server that may be called and misleads, and one on this machine that may not. */
let guide: Misleading
let inside: HttpServer
let probes: Record<OutboundFeature, Probe>
/** Where the guide is, by a name that the operator lets through. */
let allowed: string
let end = (): Promise<void> => Promise.resolve()

beforeAll(async () => {
  names = await turningNames()
  ;[guide, inside] = await Promise.all([misleading(names.inside), startHttpServer()])
  const host = `fixed-guide.${zone}:${guide.port}`
  allowed = `http://${host}`
  const started = await startFresh({
    settings: { EDGECREW_EGRESS_ALLOW: host, EDGECREW_SANDBOX: "1" },
    resolvConf: names.resolvConf,
  })
  end = started.end
  probes = await outboundProbes((await register(await Client.of(started.server.address))).admin)
})
afterAll(async () => {
  await end()
  guide?.close()
  await inside?.close()
  await names?.close()
})

/** How a feature says that an address may not be called; by a form that does not take it, or by the guard. */
const refused =
  /^(?:request\.invalid|http\.(?:refused_address|bad_url|redirect)|tool\.(?:unreachable|inputs_invalid|input_invalid|exit)|egress\.refused|mcp\.unreachable|sso\.unreachable)$/

const all = Object.values(ssrfUrls).flat()
const features = [...new Set(Object.values(doors).flat())]

/** Of these a tenant has one, which each address is written into: one after another. */
const single = new Set<string>(["OpenID provider", "audit checkpoint"])

/** The addresses that a feature did not refuse, eight at a time where it can have so many. */
async function notRefused(feature: keyof typeof probes, urls: readonly string[]): Promise<unknown[]> {
  const probe: Probe = probes[feature]
  const left = [...urls]
  const found: unknown[] = []
  const worker = async (): Promise<void> => {
    for (let url = left.shift(); url !== undefined; url = left.shift()) {
      const code = await probe(url)
      if (!refused.test(code)) found.push([url, code])
    }
  }
  await Promise.all(Array.from({ length: single.has(feature) ? 1 : 8 }, worker))
  return found
}

const reached = (): number => names.reached() + inside.received.length

describe("the list of what calls out", () => {
  it("has every kind of tool, step and builtin, and a door for each feature", () => {
    const named = [byToolKind, byAct, byDeed]
      .flatMap((table) => Object.values(table))
      .flatMap((one: object) => ("by" in one ? [one.by] : []))
    expect(features).toEqual(expect.arrayContaining(named))
    expect(features.toSorted()).toEqual(Object.keys(probes).toSorted())
    expect(new Set(all).size).toBeGreaterThanOrEqual(120)
  })

  it("has canaries that sing", async () => {
    const before = reached()
    const socket = connect({ host: names.inside, port: 8443 })
    await once(socket, "close")
    await fetch(`${inside.url}/echo`)
    expect(reached()).toBe(before + 2)
    inside.received.length = 0
  })

  it.each(features)("%s: calls what it may", async (feature) => {
    const before = guide.received()
    await probes[feature](`${allowed}/well`)
    expect(guide.received()).toBeGreaterThan(before)
  })
})

describe.each(features)("[A5] %s", (feature) => {
  it(
    `refuses each of ${all.length} addresses, and no packet of it arrives`,
    { timeout: 300_000 },
    async () => {
      const before = reached()
      expect(await notRefused(feature, all)).toEqual([])
      expect(reached()).toBe(before)
    },
  )

  it("is not led to any of them by a redirect", { timeout: 120_000 }, async () => {
    const before = reached()
    const families = Object.values(ssrfUrls).flatMap((urls) => urls.find((url) => URL.canParse(url)) ?? [])
    const targets = [
      ...families,
      `${inside.url}/echo`,
      `http://fixed-there.${zone}:8443/`,
      `http://${names.inside}/`,
    ]
    const statuses = [301, 302, 303, 307, 308]
    const urls = targets.map((target, i) => guide.to(allowed, statuses[i % statuses.length]!, target))
    // What a program does with a redirect is its own affair: its proxy lets it go no further than its list.
    expect(await notRefused(feature, urls)).toEqual([])
    expect(reached()).toBe(before)
  })

  it("is not led inside by a name: not at once, beside a public address, nor by an alias", async () => {
    const before = reached()
    const own = feature.replaceAll(" ", "-").toLowerCase()
    const hosts = [`fixed-${own}`, `both-${own}`, "alias-a", "alias-b"]
    const urls = hosts.map((host) => `http://${host}.${zone}:8443/`)
    expect(await notRefused(feature, urls)).toEqual([])
    expect(reached()).toBe(before)
  })

  it(
    "nor by one that is public when it is looked at and leads here when it is called",
    { timeout: 120_000 },
    async () => {
      const before = reached()
      const name = `turn-${feature.replaceAll(" ", "-").toLowerCase()}.${zone}`
      const call = () => probes[feature](`http://${name}:8443/`)
      const first = await call()
      // The proxy of programs dials the address that it has judged, which was public; who does not, asks again and is led here.
      if (feature !== "container program") {
        expect(first).not.toBe("went out")
        expect(names.asked(name)).toBeGreaterThan(1)
      }
      expect(await call()).toMatch(refused)
      expect(reached()).toBe(before)
    },
  )
})
