import { describe, expect, it } from "vitest"
import type * as z from "zod"
import { RunRequest } from "#core/contract/sandbox"
import { EnvName, ProgramPath } from "./config.ts"
import { secretsIn, withSecrets, withoutSecrets } from "./secrets.ts"
import { credentialsOf, ToolDraft } from "./tool.ts"
import { toolFaults } from "./validate.ts"

const cred = "cred_01JD0000000000000000000000"
const base = { name: "find_order", description: "Finds an order." }
const order = { type: "object", properties: { order: { type: "string" } } }

const drafts = {
  http: { ...base, kind: "http", execution_config: { url: "https://a.example/{{ input.order }}" } },
  openapi: {
    ...base,
    kind: "openapi",
    input_schema: order,
    execution_config: {
      operation_id: "findOrder",
      server_url: "https://a.example/v1",
      method: "GET",
      path: "/orders/{order}",
      parameters: [{ name: "order", in: "path", argument: "order" }],
    },
  },
  mcp: { ...base, kind: "mcp", execution_config: { url: "https://mcp.example/mcp", tool_name: "find" } },
  isolate: { ...base, kind: "isolate", execution_config: { source: "export default (input) => input" } },
  container: { ...base, kind: "container", execution_config: { runtime: "python", source: "print({})" } },
  flow: { ...base, kind: "flow", execution_config: { flow_id: "flow_01JD0000000000000000000000" } },
} satisfies Record<string, z.input<typeof ToolDraft>>

/** The paths of everything that is wrong with a draft. */
function wrongIn(draft: object): string[] {
  const read = ToolDraft.safeParse(draft)
  return read.success
    ? toolFaults(read.data).map((fault) => fault.path)
    : read.error.issues.map((issue) => issue.path.join("."))
}

const changed = (kind: keyof typeof drafts, config: object, more: object = {}) => ({
  ...drafts[kind],
  ...more,
  execution_config: { ...drafts[kind].execution_config, ...config },
})

describe("a tool of every kind", () => {
  it.each(Object.entries(drafts))("%s is taken as it is drafted", (kind, draft) => {
    expect(wrongIn(draft)).toEqual([])
    expect(ToolDraft.parse(draft)).toMatchObject({ kind, risk: "read", needs_approval: false })
  })

  it("is refused where it could not work, with the place", () => {
    const cases: [object, string][] = [
      [changed("http", {}, { kind: "shell" }), "kind"],
      [changed("http", {}, { output_schema: { type: "text" } }), "output_schema.type"],
      [changed("openapi", { path: "/orders/{order}/{line}" }), "execution_config.path"],
      [
        changed("openapi", { parameters: [{ name: "order", in: "path", argument: "id" }] }),
        "execution_config.parameters.0.argument",
      ],
      [
        changed("openapi", { body: { content_type: "application/json", argument: "all" } }),
        "execution_config.body.argument",
      ],
      [changed("openapi", { server_url: "file:///etc/passwd" }), "execution_config.server_url"],
      [changed("openapi", { path: "orders" }), "execution_config.path"],
      [changed("mcp", { url: "stdio:npx" }), "execution_config.url"],
      [changed("mcp", { tool_name: "" }), "execution_config.tool_name"],
      [changed("mcp", { command: "npx" }), "execution_config"],
      [changed("isolate", { source: "" }), "execution_config.source"],
      [changed("isolate", { timeout_ms: 60_001 }), "execution_config.timeout_ms"],
      [changed("isolate", {}, { credentials: { key: cred } }), "credentials.key"],
      [changed("container", { runtime: "ruby" }), "execution_config.runtime"],
      [changed("container", { source: undefined }), "execution_config.source"],
      [changed("container", { entrypoint: "main.py" }), "execution_config.entrypoint"],
      [changed("container", { egress: ["https://a.example"] }), "execution_config.egress.0"],
      [changed("container", { egress: ["10.0.0.1"] }), "execution_config.egress.0"],
      [changed("container", { timeout_seconds: 3_601 }), "execution_config.timeout_seconds"],
      [changed("container", { env: { LD_PRELOAD: "x" } }), "execution_config.env.LD_PRELOAD"],
      [changed("container", { env: { EDGECREW_RESULT: "x" } }), "execution_config.env.EDGECREW_RESULT"],
      [changed("container", { files: [{ path: "../x", content: "" }] }), "execution_config.files.0.path"],
      [changed("flow", { flow_id: "mine" }), "execution_config.flow_id"],
    ]
    for (const [draft, path] of cases) expect([path, wrongIn(draft)]).toEqual([path, [path]])
  })
})

describe("the secrets of a tool", () => {
  it("stand in headers and env, and are named", () => {
    const text = "Bearer {{credentials.key}} {{ credentials.other }} {{credentials.key}}"
    expect(secretsIn(text)).toEqual(["key", "other"])
    expect(withoutSecrets(text)).toBe("Bearer   ")
    // What a replacement reads as a pattern is a secret's own letters here.
    expect(withSecrets(text, { key: "$&", other: "{{ credentials.key }}" })).toBe(
      "Bearer $& {{ credentials.key }} $&",
    )
    expect(() => withSecrets(text, { key: "k" })).toThrow("other")
    expect(() => withSecrets("{{ credentials.toString }}", {})).toThrow("toString")
  })

  it("are those of the tool alone, in a text that a model has no part in", () => {
    const at = (kind: keyof typeof drafts, text: string, credentials: object = { key: cred }) =>
      wrongIn(
        changed(kind, kind === "container" ? { env: { A: text } } : { headers: { a: text } }, {
          credentials,
        }),
      )
    for (const kind of ["http", "openapi", "mcp", "container"] as const) {
      const path = kind === "container" ? "execution_config.env.A" : "execution_config.headers.a"
      expect(at(kind, "Bearer {{ credentials.key }}")).toEqual([])
      expect(at(kind, "{{ credentials.key }}", {})).toEqual([path])
      expect(at(kind, "{{ credentials.other }}")).toEqual([path])
      expect(at(kind, "{{ credentials.key }}{{ input.order }}")).toEqual([path])
      expect(at(kind, "{{ $string(credentials.key) }}")).toEqual([path])
      expect(at(kind, "{{ credentials }}")).toEqual([path])
    }
  })

  it("are found wherever a tool names them", () => {
    const other = "cred_01JD0000000000000000000001"
    const draft = changed("http", { credential_id: cred }, { credentials: { a: other, b: cred } })
    expect(credentialsOf(ToolDraft.parse(draft))).toEqual([cred, other])
    expect(credentialsOf(ToolDraft.parse(drafts.flow))).toEqual([])
  })
})

it("files and env of a container tool are such as the runner takes", () => {
  const asked = (more: object) => RunRequest.safeParse({ language: "shell", code: "true", ...more }).success
  for (const path of ["a", "a/b.txt", "/a", "a/../b", "..", "./a", "a\\b", "a..b", ".env", "a/."])
    expect([path, ProgramPath.safeParse(path).success]).toEqual([
      path,
      asked({ files: [{ path, content: "" }] }),
    ])
  for (const name of [
    "A",
    "_a1",
    "1A",
    "A-B",
    "LD_PRELOAD",
    "ENV",
    "BASH_ENV",
    "NODE_OPTIONS",
    "a".repeat(65),
  ])
    expect([name, EnvName.safeParse(name).success]).toEqual([name, asked({ env: { [name]: "" } })])
})
