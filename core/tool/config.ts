import * as z from "zod"
import { CredentialId, FlowId } from "#core/ids"
import { webTemplate } from "#core/web-address"

/**
 * How each kind of tool does its work. Texts of `http` hold `{{ expressions }}` over `input`, the arguments of a call; headers and
 * `env` may name the tool's own secrets as `{{ credentials.name }}`, which are filled in where the request leaves.
 */
const Headers = z.record(z.string().min(1).max(200), z.string().max(4_000))

/** Milliseconds that one call may take. */
const TimeoutMs = z.int().min(1).max(600_000)

/** `https://…`, or `http://…` for those who insist; where it leads is judged when it is called. */
export const WebAddress = webTemplate(4_000, "Enter an address that begins with https://")

/** One request whose parts may hold `{{ expressions }}` over `input`, the model's arguments. */
export const HttpToolConfig = z.strictObject({
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).default("GET"),
  url: z.string().min(1, { error: "Enter an address" }).max(4_000),
  headers: Headers.default({}),
  query: z.record(z.string().min(1).max(200), z.string().max(4_000)).default({}),
  body: z.json().optional(),
  /** Whose secret is sent along, outside the model's sight. */
  credential_id: CredentialId.optional(),
  /** The same request may be sent again after a crash. */
  may_repeat: z.boolean().optional(),
  timeout_ms: TimeoutMs.optional(),
})
export type HttpToolConfig = z.infer<typeof HttpToolConfig>

const Argument = z.string().min(1).max(200)

/** Where an argument goes, as OpenAPI says it: `style` and `explode` are those of its Parameter Object. */
export const OpenApiParameter = z.strictObject({
  name: z.string().min(1).max(200),
  in: z.enum(["path", "query", "header", "cookie"]),
  style: z
    .enum(["simple", "label", "matrix", "form", "spaceDelimited", "pipeDelimited", "deepObject"])
    .optional(),
  explode: z.boolean().optional(),
  /** The value is sent as JSON (the parameter has `content` in place of a style). */
  json: z.boolean().optional(),
  argument: Argument,
})
export type OpenApiParameter = z.infer<typeof OpenApiParameter>

/** The body: one argument as it is, or an object whose properties are arguments of their own. */
export const OpenApiBody = z.union([
  z.strictObject({ content_type: z.string().min(1).max(200), argument: Argument }),
  z.strictObject({
    content_type: z.string().min(1).max(200),
    spread: z
      .array(z.strictObject({ name: z.string().min(1).max(200), argument: Argument }))
      .min(1)
      .max(200),
  }),
])
export type OpenApiBody = z.infer<typeof OpenApiBody>

/** One operation of an OpenAPI document, compiled when it was imported: a call of it is an HTTP request. */
export const OpenApiToolConfig = z.strictObject({
  /** Where the document came from. */
  source_url: WebAddress.optional(),
  operation_id: z.string().min(1).max(200),
  server_url: WebAddress,
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
  /** With `{name}` for each path parameter. */
  path: z.string().max(2_000).regex(/^\//, { error: "A path begins with /" }),
  parameters: z.array(OpenApiParameter).max(100).default([]),
  body: OpenApiBody.optional(),
  headers: Headers.default({}),
  credential_id: CredentialId.optional(),
  may_repeat: z.boolean().optional(),
  timeout_ms: TimeoutMs.optional(),
})
export type OpenApiToolConfig = z.infer<typeof OpenApiToolConfig>

/** A tool of an MCP server, which is called over Streamable HTTP. */
export const McpToolConfig = z.strictObject({
  url: WebAddress,
  tool_name: z.string().min(1, { error: "Name the tool of the server" }).max(200),
  headers: Headers.default({}),
  credential_id: CredentialId.optional(),
  /** A call that was in flight as the server stopped is made again without asking. */
  may_repeat: z.boolean().optional(),
  timeout_ms: TimeoutMs.optional(),
})
export type McpToolConfig = z.infer<typeof McpToolConfig>

const mostSource = 262_144
const Source = z.string().min(1, { error: "Write the program" }).max(mostSource)

/** JavaScript without files, processes or network: `export default (input, context) => …`. */
export const IsolateToolConfig = z.strictObject({
  source: Source,
  timeout_ms: z.int().min(1).max(60_000).optional(),
  memory_mb: z.int().min(16).max(1_024).optional(),
})
export type IsolateToolConfig = z.infer<typeof IsolateToolConfig>

/** As the runner takes them: relative, forward slashes, no step upwards. */
export const ProgramPath = z
  .string()
  .max(500)
  .regex(/^(?!\/)(?!.*(?:^|\/)\.\.?(?:\/|$))[^\\\0]+$/, {
    error: "Use a relative path without . or .. parts",
  })

/** As the runner takes them: what makes a dynamic linker or a shell load code is refused. */
export const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, { error: "Use letters, digits and _, beginning with no digit" })
  .refine((name) => !/^(LD_|EDGECREW_|GCONV_PATH$|GLIBC_TUNABLES$|BASH_ENV$|ENV$)/.test(name), {
    error: "This name is reserved",
  })

/** `api.example.com`, or with a port other than 443: `api.example.com:8443`. */
export const EgressHost = z
  .string()
  .trim()
  .toLowerCase()
  .max(260)
  .regex(/^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?$/, {
    error: "Enter a host such as api.example.com, without https:// and path",
  })

/** A program with files and processes, in a sandbox. It has no network but the hosts of `egress`. */
export const ContainerToolConfig = z
  .strictObject({
    runtime: z.enum(["python", "node", "bash"]),
    source: Source.optional(),
    files: z
      .array(
        z.strictObject({
          path: ProgramPath,
          content: z.string().max(1_048_576),
          encoding: z.enum(["utf8", "base64"]).default("utf8"),
        }),
      )
      .max(100)
      .default([]),
    /** The file that is begun with, where there is no `source`. */
    entrypoint: ProgramPath.optional(),
    env: z.record(EnvName, z.string().max(32_768)).default({}),
    egress: z.array(EgressHost).max(32).default([]),
    /** Seconds from begin to end. */
    timeout_seconds: z.number().min(0.1).max(3_600).default(30),
    /** Seconds of one processor. */
    cpu_limit: z.number().min(0.1).max(3_600).optional(),
    /** Megabytes. */
    memory_limit: z.int().min(16).max(2_048).optional(),
    /** Bytes of output that are kept. */
    output_limit: z.int().min(0).max(8_388_608).optional(),
    /** A call that was in flight as the server stopped is made again without asking. */
    may_repeat: z.boolean().optional(),
  })
  .superRefine(({ source, entrypoint, files }, context) => {
    if (source === undefined && entrypoint === undefined)
      context.addIssue({
        code: "custom",
        path: ["source"],
        message: "Write the program, or name a file of it",
      })
    if (entrypoint !== undefined && !files.some((file) => file.path === entrypoint))
      context.addIssue({ code: "custom", path: ["entrypoint"], message: "There is no file of this path" })
  })
export type ContainerToolConfig = z.infer<typeof ContainerToolConfig>

/** A flow of the tenant: the arguments are its inputs, its outputs the answer. Without a version, the published one. */
export const FlowToolConfig = z.strictObject({ flow_id: FlowId, version: z.int().min(1).optional() })
export type FlowToolConfig = z.infer<typeof FlowToolConfig>
