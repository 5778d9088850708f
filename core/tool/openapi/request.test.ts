import { describe, expect, it } from "vitest"
import type { JsonObject } from "#core/json"
import { OpenApiToolConfig, type OpenApiParameter } from "../config.ts"
import { BadArgument, operationRequest } from "./request.ts"

const request = (config: object, args: JsonObject) =>
  operationRequest(
    OpenApiToolConfig.parse({
      operation_id: "op",
      server_url: "https://api.example.com/v1/",
      method: "GET",
      path: "/x",
      ...config,
    }),
    args,
  )

const parameter = (where: OpenApiParameter["in"], more: Partial<OpenApiParameter> = {}) => ({
  name: "color",
  in: where,
  argument: "c",
  ...more,
})

const list = ["blue", "black", "brown"]
const object = { R: 100, G: 200 }

/** The table of the OpenAPI specification ("Style Examples"), with our own values. */
describe("a parameter is written in its style", () => {
  it.each([
    ["simple", false, "", "blue", "blue,black,brown", "R,100,G,200"],
    ["simple", true, "", "blue", "blue,black,brown", "R=100,G=200"],
    ["label", false, "", ".blue", ".blue.black.brown", ".R.100.G.200"],
    ["label", true, "", ".blue", ".blue.black.brown", ".R=100.G=200"],
    ["matrix", false, "", ";color=blue", ";color=blue,black,brown", ";color=R,100,G,200"],
    ["matrix", true, "", ";color=blue", ";color=blue;color=black;color=brown", ";R=100;G=200"],
  ] as const)("path, %s, explode %s", (style, explode, _, ofText, ofList, ofObject) => {
    const at = (c: JsonObject[string]) =>
      request({ path: "/x/{color}", parameters: [parameter("path", { style, explode })] }, { c }).url
    expect([at("blue"), at(list), at(object)]).toEqual(
      [ofText, ofList, ofObject].map((part) => `https://api.example.com/v1/x/${part}`),
    )
  })

  it.each([
    [undefined, undefined, "color=blue&color=black&color=brown", "R=100&G=200"],
    ["form", false, "color=blue,black,brown", "color=R,100,G,200"],
    ["spaceDelimited", false, "color=blue%20black%20brown", "color=R,100,G,200"],
    ["pipeDelimited", false, "color=blue%7Cblack%7Cbrown", "color=R,100,G,200"],
    ["deepObject", true, "color=blue&color=black&color=brown", "color%5BR%5D=100&color%5BG%5D=200"],
  ] as const)("query, %s, explode %s", (style, explode, ofList, ofObject) => {
    const more = {
      ...(style === undefined ? {} : { style }),
      ...(explode === undefined ? {} : { explode }),
    }
    const at = (c: JsonObject[string]) => request({ parameters: [parameter("query", more)] }, { c }).url
    expect([at(list), at(object)]).toEqual(
      [ofList, ofObject].map((text) => `https://api.example.com/v1/x?${text}`),
    )
    expect(at("a&b=c d")).toBe("https://api.example.com/v1/x?color=a%26b%3Dc%20d")
  })

  it("in headers, cookies and as JSON", () => {
    const made = request(
      {
        parameters: [
          parameter("header", { name: "X-Color" }),
          parameter("cookie", { name: "k", argument: "k" }),
          parameter("query", { json: true }),
        ],
      },
      { c: list, k: "a b" },
    )
    expect(made.headers).toEqual({ "X-Color": "blue,black,brown", cookie: "k=a%20b" })
    expect(made.url).toBe(`https://api.example.com/v1/x?color=${encodeURIComponent(JSON.stringify(list))}`)
  })

  it("and left out where it is not given, or null", () => {
    const parameters = [parameter("query"), parameter("header", { name: "X-A", argument: "h" })]
    expect(request({ parameters }, { h: null })).toEqual({
      method: "GET",
      url: "https://api.example.com/v1/x",
      headers: {},
      body: undefined,
    })
  })
})

describe("a part of the path", () => {
  const at = (c: JsonObject[string], path = "/orders/{color}/lines") =>
    request({ path, parameters: [parameter("path")] }, { c }).url

  it("cannot leave its place", () => {
    for (const text of ["../../admin", "a/../b", "a?b=c", "a#b", "\\..\\", "%2e%2e/x", "a;b", "ü"]) {
      const url = new URL(at(text))
      expect([text, url.host, url.pathname.split("/").length, url.search, url.hash]).toEqual([
        text,
        "api.example.com",
        5,
        "",
        "",
      ])
    }
  })

  it("is refused where it would be no part at all", () => {
    for (const text of ["..", ".", "", null]) expect(() => at(text)).toThrow(BadArgument)
    expect(() => at("..", "/{color}")).toThrow(BadArgument)
    expect(() => request({ path: "/{other}", parameters: [] }, {})).toThrow("other")
    // Within a longer part a dot is a letter.
    expect(at("..", "/v{color}")).toBe("https://api.example.com/v1/v..")
  })
})

describe("a body", () => {
  const body = (said: object, args: JsonObject) => request({ method: "POST", body: said }, args)

  it("is one argument, or made of several", () => {
    const whole = body({ content_type: "application/json", argument: "b" }, { b: [1, { a: 2 }] })
    expect([whole.body, whole.headers]).toEqual([[1, { a: 2 }], { "content-type": "application/json" }])
    const spread = [
      { name: "id", argument: "id_body" },
      { name: "note", argument: "note" },
    ]
    expect(body({ content_type: "application/json", spread }, { id_body: 5, id: 6 }).body).toEqual({ id: 5 })
    expect(body({ content_type: "application/json", spread }, {}).body).toBeUndefined()
  })

  it("is a text as it is, and as JSON between quotation marks", () => {
    expect(body({ content_type: "text/plain", argument: "b" }, { b: "a" }).body).toBe("a")
    expect(body({ content_type: "application/json", argument: "b" }, { b: "a" }).body).toBe('"a"')
  })
})
