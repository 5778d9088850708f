import { describe, expect, it } from "vitest"
import type { Json } from "#core/json"
import { HttpFailure } from "./failure.ts"
import { bodyOf, headersOf, methodOf, mostRequestBytes, withQuery } from "./request.ts"

const codeOf = (act: () => unknown): string => {
  try {
    act()
    return "nothing thrown"
  } catch (error) {
    return error instanceof HttpFailure ? `${error.code} ${error.message}` : String(error)
  }
}

describe("the address", () => {
  const at = (url: string, query: Record<string, Json>) => withQuery(new URL(url), query).href

  it("keeps its own query as it was written, and gets the node's behind it", () => {
    expect(at("https://a.example/x?sig=a%20b+c&flag#part", { q: "a b&c=d", n: 5 })).toBe(
      "https://a.example/x?sig=a%20b+c&flag&q=a+b%26c%3Dd&n=5#part",
    )
    expect(at("https://a.example/x", {})).toBe("https://a.example/x")
    expect(at("https://a.example/x?", { q: "ü" })).toBe("https://a.example/x?q=%C3%BC")
  })

  it("takes a list once for each entry, null not at all, and anything else as JSON", () => {
    expect(at("https://a.example/", { id: [1, "b", null, true], none: null, filter: { a: 1 } })).toBe(
      "https://a.example/?id=1&id=b&id=true&filter=%7B%22a%22%3A1%7D",
    )
  })
})

describe("headers", () => {
  it("are texts, whatever an expression made of them", () => {
    const headers = headersOf({
      "X-Count": 3,
      "X-Flag": true,
      "X-None": null,
      "X-List": [1, 2],
      Accept: "text/csv",
    })
    expect(Object.fromEntries(headers)).toEqual({
      "x-count": "3",
      "x-flag": "true",
      "x-list": "[1,2]",
      accept: "text/csv",
      "user-agent": "Edgecrew",
    })
  })

  it("that are none are refused by name, never with their value", () => {
    for (const fields of [
      { "X-Api-Key": "canary-1\r\nx-other: 1" },
      { "X-Api-Key": "canary-1 🦊" },
      { "X-Api-Key\r\nX-Other": "canary-1" },
      { "": "canary-1" },
    ]) {
      const said = codeOf(() => headersOf(fields))
      expect(said).toMatch(/^http\.bad_request The header “/)
      expect(said).not.toMatch(/canary|\n/)
    }
  })
})

describe("a body", () => {
  const sent = (body: Json | undefined, type?: string, method = "POST") => {
    const headers = new Headers(type === undefined ? {} : { "content-type": type })
    const bytes = bodyOf({ method, body }, headers)
    return [bytes && new TextDecoder().decode(bytes), headers.get("content-type")]
  }

  it("is JSON unless it is a text, and says its type unless the node does", () => {
    expect(sent({ a: [1, null] })).toEqual(['{"a":[1,null]}', "application/json"])
    expect(sent(5)).toEqual(["5", "application/json"])
    expect(sent(false)).toEqual(["false", "application/json"])
    expect(sent({ a: 1 }, "application/vnd.api+json")).toEqual(['{"a":1}', "application/vnd.api+json"])
    expect(sent("Grüße")).toEqual(["Grüße", "text/plain;charset=utf-8"])
    expect(sent("<a/>", "application/xml")).toEqual(["<a/>", "application/xml"])
    expect(sent("")).toEqual(["", "text/plain;charset=utf-8"])
  })

  it("is a form where the headers say so", () => {
    const type = "application/x-www-form-urlencoded"
    expect(sent({ a: "1 2", b: [3, 4], c: null }, type)).toEqual(["a=1+2&b=3&b=4", type])
    expect(sent("a=1", type)).toEqual(["a=1", type])
  })

  it("is not sent by GET and HEAD, nor when there is none", () => {
    expect(sent({ a: 1 }, undefined, "GET")).toEqual([null, null])
    expect(sent({ a: 1 }, undefined, "HEAD")).toEqual([null, null])
    expect(sent(undefined)).toEqual([null, null])
    expect(sent(null)).toEqual([null, null])
    expect(sent({ a: 1 }, undefined, "DELETE")).toEqual(['{"a":1}', "application/json"])
  })

  it("of 512 KiB is sent, one byte more is not", () => {
    expect(sent("x".repeat(mostRequestBytes))[0]).toHaveLength(mostRequestBytes)
    expect(codeOf(() => sent("x".repeat(mostRequestBytes + 1)))).toMatch(/^http\.too_large /)
    expect(codeOf(() => sent("ü".repeat(mostRequestBytes / 2 + 1)))).toMatch(/^http\.too_large /)
  })
})

it("a method that is none is refused", () => {
  expect(methodOf("PATCH")).toBe("PATCH")
  for (const method of ["get", "TRACE", "CONNECT", "GET / HTTP/1.1\r\nX:", ""])
    expect(codeOf(() => methodOf(method))).toMatch(/^http\.bad_request /)
})
