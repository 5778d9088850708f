import { describe, expect, it } from "vitest"
import { originFor, type Env } from "./env.ts"

const bindings = {
  AUDIT_KEY: JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "x", d: "d" }),
  SIGNING_KEY: JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "x", d: "d" }),
  PEPPER: btoa("p".repeat(32)),
  SECRETS_KEK: "k1:key",
  QUOTAS: "{}",
  EGRESS_ALLOW: "",
  EXECUTION_LANES: "4",
  JOURNAL_DAYS: "30",
  CLIENT_ADDRESS_HEADER: "",
}
// What settings are made of is text; databases and objects play no part in them.
const env = (more: object = {}): Env => Object.assign(Object.create(null), bindings, more)
const at = (host: string): URL => new URL(`http://${host}/api/v1/flows`)

describe("the address that links begin with", () => {
  it("is the installation's own where it is set, whatever a sender says", () => {
    const own = env({ PUBLIC_ORIGIN: "https://edgecrew.example.com/" })
    expect(originFor(own, at("evil.example"))).toBe("https://edgecrew.example.com")
    expect(originFor(own, at("127.0.0.1:8787"))).toBe("https://edgecrew.example.com")
  })

  it("is the sender's word on this machine and behind the edge, and nowhere else", () => {
    expect(originFor(env(), at("127.0.0.1:8787"))).toBe("http://127.0.0.1:8787")
    expect(originFor(env(), at("localhost:8787"))).toBe("http://localhost:8787")
    expect(originFor(env(), at("evil.example"))).toBe("")
    const behindTheEdge = env({ CLIENT_ADDRESS_HEADER: "cf-connecting-ip" })
    expect(originFor(behindTheEdge, at("crew.example.com"))).toBe("http://crew.example.com")
  })
})
