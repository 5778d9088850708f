import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parseSync } from "vite"
import { describe, expect, it, vi } from "vitest"
import { connecting, doors } from "#test/kit/outbound"

// Every file is read and parsed: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000 })

const root = join(import.meta.dirname, "..")

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith(".d.ts"))

const textOf = (file: string): string => readFileSync(join(root, file), "utf8")

/** A node of the syntax tree, of which only what is asked for is known. */
type Node = { type: string; [member: string]: unknown }

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

const trees = new Map<string, Node>()

function parsed(file: string): Node {
  const known = trees.get(file)
  if (known) return known
  const { program, errors } = parseSync(file, textOf(file))
  if (errors.length > 0 || !isNode(program)) throw new Error(`${file} does not parse`)
  trees.set(file, program)
  return program
}

/** All nodes below one, itself included. */
function* nodesIn(node: Node): Generator<Node> {
  yield node
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) yield* nodesIn(child)
  }
}

const nameOf = (node: unknown): string =>
  isNode(node) && typeof node["name"] === "string" ? node["name"] : ""

/** The names of all functions and classes that a piece of code calls; of methods, with a dot before it. */
const callsIn = (node: Node): string[] =>
  [...nodesIn(node)]
    .filter((one) => one.type === "CallExpression" || one.type === "NewExpression")
    .map(({ callee }) =>
      isNode(callee) && callee.type === "MemberExpression"
        ? `.${nameOf(callee["property"])}`
        : nameOf(callee),
    )

const networks =
  /^(?:node:)?(?:net|tls|http|https|http2|dgram|dns|dns\/promises|cloudflare:sockets|undici|ws)$/
/** Of those modules, what only listens or names things. */
const harmlessImports =
  /^(?:createServer|Server|ServerResponse|Socket|TLSSocket|WebSocketServer|isIP|createSecureContext|rootCertificates)$/

/** What in a file can connect: the platform's own `fetch` and sockets, and what is imported of networks. */
function connectsIn(program: Node): string[] {
  const imported = [...nodesIn(program)]
    .filter((one) => one.type === "ImportDeclaration" && one["importKind"] !== "type")
    .filter(({ source }) => isNode(source) && networks.test(String(source["value"])))
    .flatMap(({ specifiers }) => (Array.isArray(specifiers) ? specifiers.filter(isNode) : []))
    .filter(({ importKind }) => importKind !== "type")
    .map((one) => (one.type === "ImportSpecifier" ? nameOf(one["imported"]) : one.type))
    .filter((name) => !harmlessImports.test(name))
  const made = callsIn(program).filter((name) => name === "WebSocket" || name === "EventSource")
  const own = [...valuesIn(program).filter((name) => name === "fetch"), ...made]
  return [...imported, ...own]
}

/** Names that stand for values: no keys, no members of something, no types. */
function valuesIn(node: Node): string[] {
  if (node.type === "Identifier") return [nameOf(node)]
  const isType = node.type.startsWith("TS") && !/^TS(?:As|Satisfies|NonNull)/.test(node.type)
  if (isType) return []
  return Object.entries(node).flatMap(([member, value]) => {
    const isName = (member === "property" || member === "key") && node["computed"] !== true
    if (isName || member === "typeAnnotation") return []
    return (Array.isArray(value) ? value : [value]).filter(isNode).flatMap(valuesIn)
  })
}

/** Whether a parameter is written `ctx: Ctx`, alone or with more. */
const isCtx = (parameter: Node): boolean =>
  nameOf(parameter) === "ctx" && [...nodesIn(parameter)].some((one) => nameOf(one["typeName"]) === "Ctx")

/** Exported functions that act for somebody in a tenant. */
const verbsIn = (program: Node): Node[] =>
  [...nodesIn(program)]
    .filter((one) => one.type === "ExportNamedDeclaration")
    .map((one) => one["declaration"])
    .filter(isNode)
    .filter(
      ({ type, params }) =>
        type === "FunctionDeclaration" &&
        Array.isArray(params) &&
        params.some((one) => isNode(one) && isCtx(one)),
    )

const services = filesIn("worker/services")
const committing = services.filter((file) => callsIn(parsed(file)).includes("commit"))

/** Whoever signs in has no capability yet, and the installer has them all. */
const beforeAnybody = /^worker\/services\/(auth|system)\//

describe("the habits of services (house.md §4)", () => {
  it("are looked at", () => {
    expect(services.length).toBeGreaterThan(30)
    expect(committing.length).toBeGreaterThan(15)
  })

  it.each(committing)("[12] %s commits, so it audits and asks", (file) => {
    const calls = callsIn(parsed(file))
    expect(calls).toContain("audit")
    if (beforeAnybody.test(file)) return
    // The installation's own pages are nobody's by a role: they ask who administers it.
    expect(calls).toContain(file.startsWith("worker/services/admin/") ? "platformAdmin" : "allow")
  })

  const verbs = services
    .filter((file) => /^worker\/services\/(flows|keys|providers)\//.test(file))
    .flatMap((file) => verbsIn(parsed(file)).map((verb) => [file, nameOf(verb["id"]), verb] as const))

  it("are found", () => {
    expect(verbs.length).toBeGreaterThan(20)
  })

  it.each(verbs)("[16] %s: %s asks for a capability before anything else", (_, __, { body }) => {
    const first: unknown = isNode(body) && Array.isArray(body["body"]) ? body["body"][0] : undefined
    expect(isNode(first) && callsIn(first)).toEqual(["allow"])
  })
})

describe("the habits of the Worker", () => {
  const above = filesIn("worker").filter((file) => !file.startsWith("worker/db/"))

  it("[13] only worker/db writes batches", () => {
    expect(above.filter((file) => callsIn(parsed(file)).includes(".batch"))).toEqual([])
  })

  it("[13] nobody outside worker/db names a table, but the audit entry that rides in every batch", () => {
    expect(above.filter((file) => textOf(file).includes("#worker/db/schema/"))).toEqual([
      "worker/audit/record.ts",
    ])
  })

  const ours = ["core", "durable", "worker", "sandbox-runner"].flatMap(filesIn)

  it("[A5] every way out has its probe: whoever opens one is on the list of doors", () => {
    const opening = ["waysOut", "egressOf", "guardedFetch", "RunProxy"]
    const found = ours.filter(
      (file) =>
        file !== "worker/services/egress.ts" && callsIn(parsed(file)).some((name) => opening.includes(name)),
    )
    expect(found.toSorted()).toEqual(Object.keys(doors).toSorted())
  })

  it("[A5] nothing connects anywhere by itself", () => {
    const found = ours.filter((file) => connectsIn(parsed(file)).length > 0)
    expect(found.toSorted()).toEqual(Object.keys(connecting).toSorted())
  })

  it("[A52] secrets are compared in constant time: by none of these names is anything asked with ===", () => {
    const secret =
      /(?:^|_)(?:h?mac|signature|secret|password|passphrase|pepper|token|nonce)$|(?:Mac|Signature|Secret|Password|Token|Nonce)$/
    const found = ours.flatMap((file) =>
      [...nodesIn(parsed(file))]
        .filter(({ type, operator }) => type === "BinaryExpression" && /^[!=]==?$/.test(String(operator)))
        .map(({ left, right }) => [left, right].filter(isNode))
        // Whether there is one at all is no comparison of two.
        .filter((sides) => !sides.some(({ type }) => type === "Literal" || type === "UnaryExpression"))
        .map((sides) => sides.map((one) => nameOf(one["property"] ?? one)))
        .filter((names) => !names.includes("undefined") && names.some((name) => secret.test(name)))
        .map((names) => `${file}: ${names.join(" ")}`),
    )
    // What is kept is another sealed text than before; a signature is spelled in one way alone.
    expect(found).toEqual([
      "worker/services/triggers/update.ts: secret secret",
      "sandbox-runner/token.ts:  signature",
    ])
  })

  it("[A56] nothing is drawn from Math.random", () => {
    const drawing = ["core", "durable", "worker"]
      .flatMap(filesIn)
      .filter((file) => textOf(file).includes("Math.random"))
    expect(drawing).toEqual([])
  })
})
