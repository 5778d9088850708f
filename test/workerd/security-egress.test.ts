import { describe, expect, it } from "vitest"
import { egressOf } from "#worker/services/egress"
import { testEnv } from "#test/kit/tenants"

/** A machine's own resolver, as `npm start` binds it. */
const resolver = (addresses: string[] | undefined) => {
  const asked: (string | null)[] = []
  const fetch = async (input: RequestInfo | URL) => {
    asked.push(new URL(input instanceof Request ? input.url : input).searchParams.get("host"))
    return addresses ? Response.json(addresses) : new Response(null, { status: 404 })
  }
  return { asked, env: { ...testEnv, RESOLVER: { fetch } as unknown as Fetcher } }
}

describe("where the runtime could reach a private network", () => {
  it.each([
    ["127.0.0.1"],
    ["169.254.169.254"],
    ["::1"],
    ["::ffff:10.0.0.1"],
    ["93.184.216.34", "192.168.1.1"],
  ])("a name that leads to %s is not called", async (...addresses) => {
    const { asked, env } = resolver(addresses)
    await expect(egressOf(env)("https://models.vendor.net/v1")).rejects.toMatchObject({
      name: "EgressRefused",
      reason: "address",
    })
    expect(asked).toEqual(["models.vendor.net"])
  })

  it("a name without an address cannot be reached, which is another thing", async () => {
    const { env } = resolver(undefined)
    await expect(egressOf(env)("https://models.vendor.net/v1")).rejects.toThrow("has no address")
  })

  it("what was judged is sent by the network that judges again as it dials, and nothing by another", async () => {
    const { env } = resolver(["93.184.216.34"])
    const sent: string[] = []
    const network = {
      fetch: async (input: RequestInfo | URL) => {
        sent.push(input instanceof Request ? input.url : String(input))
        return sent.length === 1
          ? new Response(null, { status: 302, headers: { location: "https://other.vendor.net/v2" } })
          : new Response("well")
      },
    }
    const out = egressOf({ ...env, PUBLIC_NETWORK: network as unknown as Fetcher })
    expect(await (await out("https://models.vendor.net/v1")).text()).toBe("well")
    expect(sent).toEqual(["https://models.vendor.net/v1", "https://other.vendor.net/v2"])
  })
})
