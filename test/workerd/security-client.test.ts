import { describe, expect, it } from "vitest"
import { clientOf } from "#worker/http/session"
import { origin } from "#test/kit/api"
import { testEnv } from "#test/kit/tenants"

const from = (url: string, env = testEnv) =>
  clientOf(new Request(url, { headers: { "cf-connecting-ip": "198.51.100.7" } }), env).address

describe("a client's address", () => {
  it("is what the edge writes", () => {
    expect(from("https://crew.example.com/")).toBe("198.51.100.7")
    expect(clientOf(new Request(origin), testEnv).address).toBe("unknown")
  })

  it("is nobody's word where no edge stands in front, whatever host the request names", () => {
    const alone = { ...testEnv, CLIENT_ADDRESS_HEADER: "" } as unknown as typeof testEnv
    expect(from("https://crew.example.com/", alone)).toBe("unknown")
    expect(from(origin, alone)).toBe("unknown")
  })
})
