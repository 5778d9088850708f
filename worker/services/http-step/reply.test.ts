import { describe, expect, it } from "vitest"
import { bytesOf } from "./base64.ts"
import { cleanerOf } from "./clean.ts"
import { bodyValue, seenHeaders } from "./reply.ts"

const none = cleanerOf([])
const value = (text: string | Uint8Array, type: string | null = "application/json") =>
  bodyValue(typeof text === "string" ? bytesOf(text) : text, type, none)

describe("the body of an answer", () => {
  it("is a JSON value when its type says so and it is one", () => {
    for (const type of [
      "application/json",
      "Application/JSON; charset=utf-8",
      "text/json",
      "application/problem+json",
    ])
      expect(value('{"a":[1]}', type)).toEqual({ a: [1] })
    expect(value("null")).toBeNull()
    expect(value("\ufeff[1]")).toEqual([1])
    expect(value('{"a":1}', "text/plain")).toBe('{"a":1}')
    expect(value('{"a":1}', null)).toBe('{"a":1}')
    expect(value('{"a":', "application/json")).toBe('{"a":')
    expect(value("{}", "application/jsonp")).toBe("{}")
  })

  it("is nothing when there is none", () => {
    expect(value("")).toBeNull()
  })

  it("is a text in its charset, and base64 when it is no text", () => {
    expect(value(new Uint8Array([71, 114, 252, 223, 101]), "text/plain; charset=iso-8859-1")).toBe("Grüße")
    expect(value(bytesOf("Grüße"), "text/plain; charset=no-such-one")).toBe("Grüße")
    expect(value(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]), "image/jpeg")).toEqual({
      base64: "/9j/4A==",
      content_type: "image/jpeg",
    })
    expect(value(new Uint8Array([65, 0, 66]), null)).toEqual({
      base64: "QQBC",
      content_type: "application/octet-stream",
    })
    const large = Uint8Array.from({ length: 300_000 }, (_, i) => i % 256)
    const { base64 } = value(large, "image/png") as { base64: string }
    expect(Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))).toEqual(large)
  })

  it("stays a text where walking through it would break the stack, and loses keys that would become a prototype", () => {
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels)
    expect(Array.isArray(value(deep(100)))).toBe(true)
    expect(value(deep(101))).toBe(deep(101))
    expect(value(deep(500_000))).toBe(deep(500_000))
    expect(value(`"${deep(500)}"`)).toBe(deep(500))
    expect(value(String.raw`"\"${"[".repeat(500)}"`)).toBe(`"${"[".repeat(500)}`)
    for (const key of ["__proto__", String.raw`\u005f_proto__`, String.raw`__pr\u006fto__`])
      expect(JSON.stringify(value(`{"${key}":{"admin":true},"a":1}`))).toBe('{"a":1}')
  })
})

describe("the headers of an answer", () => {
  it("come without cookies and what speaks of the connection, and bounded", () => {
    const headers = new Headers({
      "Content-Type": "text/plain",
      "Set-Cookie": "session=1",
      Connection: "keep-alive, X-Hop",
      "X-Hop": "1",
      "Transfer-Encoding": "chunked",
      "X-Long": "y".repeat(10_000),
      __proto__x: "fine",
    })
    expect(seenHeaders(headers, none)).toEqual({
      "content-type": "text/plain",
      "x-long": "y".repeat(4_096),
      __proto__x: "fine",
    })
    const many = new Headers(Array.from({ length: 300 }, (_, i): [string, string] => [`x-${i}`, "1"]))
    expect(Object.keys(seenHeaders(many, none))).toHaveLength(100)
  })
})

describe("a secret that comes back", () => {
  const secret = `s3cr&t "Ünit"/<x>+ y`
  const spelled = [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
    new URLSearchParams([["k", secret]]).toString(),
    JSON.stringify(secret),
    "s3cr&amp;t &quot;Ünit&quot;/&lt;x&gt;+ y",
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ]
  const clean = cleanerOf([secret])

  it("is taken out of texts, values, keys and bytes, however it is spelled", () => {
    for (const text of spelled) {
      const [head, tail] = ["before ", " after"]
      const cleaned = clean.text(`${head}${text}${tail}`)
      expect(cleaned).toMatch(/^before (?:k=|")?\[secret\](?:"|=+)? after$/)
    }
    expect(clean.json({ a: [`x ${secret}`, 5, null], [secret]: true })).toEqual({
      a: ["x [secret]", 5, null],
      "[secret]": true,
    })
    const bytes = Buffer.concat([Buffer.from([0, 255]), Buffer.from(secret), Buffer.from([0])])
    const { base64 } = bodyValue(bytes, "image/png", clean) as { base64: string }
    const back = Buffer.from(base64, "base64")
    expect(back).toHaveLength(bytes.length)
    expect(back.includes("cr&t")).toBe(false)
  })

  it("is also found in JSON that spells it in another way", () => {
    const spelt = secret.replace(/./gu, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`)
    expect(bodyValue(bytesOf(`{"a":"${spelt}"}`), "application/json", clean)).toEqual({ a: "[secret]" })
  })
})
