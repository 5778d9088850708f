import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import type { OpenApiParameter, OpenApiToolConfig } from "../config.ts"

/** One call of an operation as a request. */
export type OperationRequest = {
  method: OpenApiToolConfig["method"]
  url: string
  headers: Record<string, string>
  body: Json | undefined
}

/** Why a call cannot become a request; the message is for whoever chose the arguments. */
export class BadArgument extends Error {}

/** Puts the arguments of a call where the operation wants them, written as OpenAPI's styles say (RFC 6570 without its reserved letters). */
export function operationRequest(config: OpenApiToolConfig, args: JsonObject): OperationRequest {
  const headers: Record<string, string> = {}
  const cookies: string[] = []
  const query: string[] = []
  const parts = new Map<string, string>()
  for (const parameter of config.parameters) {
    const value = args[parameter.argument]
    if (value === undefined || (value === null && parameter.in !== "path")) continue
    if (parameter.in === "path") parts.set(parameter.name, pathPart(parameter, value))
    else if (parameter.in === "query") query.push(...queryParts(parameter, value))
    else if (parameter.in === "header") headers[parameter.name] = simple(parameter, value, (text) => text)
    else cookies.push(...queryParts({ ...parameter, style: "form" }, value))
  }
  if (cookies.length > 0) headers["cookie"] = cookies.join("; ")
  const body = bodyOf(config, args, headers)
  const url = `${config.server_url.replace(/(?<!\/)\/+$/, "")}${pathOf(config.path, parts)}`
  const joint = url.includes("?") ? "&" : "?"
  return {
    method: config.method,
    url: query.length > 0 ? `${url}${joint}${query.join("&")}` : url,
    headers,
    body,
  }
}

function bodyOf(
  { body }: OpenApiToolConfig,
  args: JsonObject,
  headers: Record<string, string>,
): Json | undefined {
  if (!body) return undefined
  let value: Json | undefined
  if ("argument" in body) value = args[body.argument]
  else {
    const given = body.spread.filter(({ argument }) => args[argument] !== undefined)
    if (given.length > 0)
      value = Object.fromEntries(given.map(({ name, argument }) => [name, args[argument]!]))
  }
  if (value === undefined) return undefined
  headers["content-type"] = body.content_type
  // A text is sent as it is: as JSON it stands between quotation marks.
  return typeof value === "string" && /\bjson\b/i.test(body.content_type) ? JSON.stringify(value) : value
}

function pathOf(path: string, parts: ReadonlyMap<string, string>): string {
  const filled = path.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const part = parts.get(name)
    if (part === undefined) throw new BadArgument(`The path needs ${name}.`)
    return part
  })
  // "." and ".." would lead to another path than the operation's, however they are written.
  const written = filled.split(/[/?#]/)
  if (written.some((one) => /^(?:\.|%2e){1,2}$/i.test(one)))
    throw new BadArgument("A part of the path may not be . or ..")
  return filled
}

const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )

function pathPart(parameter: OpenApiParameter, value: Json): string {
  const { style = "simple", name } = parameter
  if (value === null || value === "") throw new BadArgument(`The path needs ${name}.`)
  if (style === "label") return `.${joined(parameter, value, ".", encoded)}`
  if (style !== "matrix") return simple(parameter, value, encoded)
  const key = encoded(name)
  if (parameter.explode === true && Array.isArray(value))
    return value.map((one) => `;${key}=${encoded(plain(one))}`).join("")
  if (parameter.explode === true && isJsonObject(value))
    return Object.entries(value)
      .map(([inner, one]) => `;${encoded(inner)}=${encoded(plain(one))}`)
      .join("")
  return `;${key}=${simple({ ...parameter, explode: false }, value, encoded)}`
}

/** `a,b` of a list, `x,1,y,2` of an object, or `x=1,y=2` where it explodes. */
const simple = (parameter: OpenApiParameter, value: Json, write: (text: string) => string): string =>
  joined(parameter, value, ",", write)

function joined(
  { explode, json, style }: OpenApiParameter,
  value: Json,
  exploded: string,
  write: (text: string) => string,
): string {
  if (json === true) return write(JSON.stringify(value))
  const between = explode === true || style === "label" ? exploded : ","
  if (Array.isArray(value)) return value.map((one) => write(plain(one))).join(between)
  if (!isJsonObject(value)) return write(plain(value))
  return Object.entries(value)
    .map(([name, one]) => `${write(name)}${explode === true ? "=" : between}${write(plain(one))}`)
    .join(between)
}

function queryParts(parameter: OpenApiParameter, value: Json): string[] {
  const { name, style = "form", explode = style === "form", json } = parameter
  const key = encoded(name)
  const pair = (at: string, one: Json) => `${at}=${encoded(plain(one))}`
  if (json === true) return [`${key}=${encoded(JSON.stringify(value))}`]
  if (Array.isArray(value)) {
    if (explode || style === "deepObject") return value.map((one) => pair(key, one))
    const between = style === "spaceDelimited" ? "%20" : style === "pipeDelimited" ? "%7C" : ","
    return [`${key}=${value.map((one) => encoded(plain(one))).join(between)}`]
  }
  if (!isJsonObject(value)) return [pair(key, value)]
  const entries = Object.entries(value)
  if (style === "deepObject")
    return entries.flatMap(([inner, one]) => deep(`${key}%5B${encoded(inner)}%5D`, one))
  if (explode) return entries.map(([inner, one]) => pair(encoded(inner), one))
  return [`${key}=${entries.flatMap(([inner, one]) => [encoded(inner), encoded(plain(one))]).join(",")}`]
}

function deep(key: string, value: Json): string[] {
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([inner, one]) => deep(`${key}%5B${encoded(inner)}%5D`, one))
  if (Array.isArray(value)) return value.map((one) => `${key}=${encoded(plain(one))}`)
  return [`${key}=${encoded(plain(value))}`]
}

const plain = (value: Json): string => (value === null ? "" : asText(value))
