import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { CredentialId } from "#core/ids"
import { McpToolConfig, WebAddress } from "#core/tool/config"
import { Risk, SecretName, ToolName } from "#core/tool/tool"
import { endpoint } from "./endpoint.ts"
import { Tool } from "./tools.ts"

/** Where something stands in what was read (a JSON pointer), and what is to be said of it. */
const Note = z.object({ at: z.string(), message: z.string() })

const prefix = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,20}$/, { error: "Use a small letter, then small letters, digits and _" })
  .optional()

/** What a tool would be, as far as it decides whether one wants it. */
export const ImportableTool = z
  .object({
    name: z.string(),
    description: z.string(),
    risk: Risk,
    needs_approval: z.boolean(),
    arguments: z.array(z.string()),
    /** Another tool has this name: choose one in `name`. */
    taken: z.boolean(),
  })
  .meta({ id: "ImportableTool" })

/** What may be settled for each tool as it is made. */
const settled = {
  name: ToolName.optional(),
  risk: Risk.optional(),
  needs_approval: z.boolean().optional(),
}

export const mostImported = 50
export const mostDocument = 8_388_608
const tag = "Tools"

export const toolImportsApi = {
  openapi: endpoint({
    method: "POST",
    path: "/tools/import/openapi",
    needs: "agent.edit",
    tag,
    summary: "What an OpenAPI document would become; with `operations`, make tools of them",
    description:
      "Takes OpenAPI 3.0, 3.1 and 3.2 as JSON or YAML, or the address of one. Each operation is judged by itself; those that are named in `operations` become tools, all or none.",
    mostBytes: 2 * mostDocument,
    body: z
      .strictObject({
        document: z
          .union([z.string().max(mostDocument), z.record(z.string(), z.json())])
          .optional()
          .meta({ description: "The document as text, or as JSON" }),
        url: WebAddress.optional().meta({ description: "Where the document is, instead of it" }),
        server_url: WebAddress.optional().meta({
          description: "The server, instead of the document's first",
        }),
        prefix,
        credentials: z
          .record(z.string().min(1).max(200), CredentialId)
          .default({})
          .meta({ description: "Which credential is sent for a security scheme of the document" }),
        operations: z
          .array(z.strictObject({ key: z.string().min(1).max(2_100), ...settled }))
          .min(1)
          .max(mostImported)
          .optional(),
      })
      .refine(({ document, url }) => (document === undefined) !== (url === undefined), {
        error: "Send the document or its url, not both",
        path: ["document"],
      }),
    reply: z.object({
      title: z.string(),
      version: z.string(),
      openapi: z.string(),
      servers: z.array(z.string()),
      /** The security schemes, as credentials of ours would hold their secrets; without a kind none of ours can. */
      credentials: z.array(
        z.object({
          scheme: z.string(),
          kind: z.enum(["bearer", "basic", "header", "query"]).optional(),
          name: z.string().optional(),
          description: z.string(),
        }),
      ),
      operations: z.array(
        z.object({
          key: z.string(),
          method: z.string(),
          path: z.string(),
          summary: z.string(),
          /** Under which headings the document has it. */
          tags: z.array(z.string()),
          deprecated: z.boolean(),
          tool: ImportableTool.nullable(),
          problems: z.array(Note),
          notes: z.array(Note),
          security: z.array(z.array(z.string())),
        }),
      ),
      /** The tools that were made. */
      tools: z.array(Tool),
    }),
  }),
  mcp: endpoint({
    method: "POST",
    path: "/tools/import/mcp",
    needs: "agent.edit",
    tag,
    summary: "What the tools of an MCP server would become; with `tools`, make tools of them",
    description:
      "Speaks Streamable HTTP: the stateless protocol of 2026-07-28, or the one before with a handshake. What a server says of the harm that its tools do is believed only with `is_trusted`; otherwise each asks a person first.",
    body: z.strictObject({
      url: WebAddress,
      headers: McpToolConfig.shape.headers,
      credential_id: CredentialId.optional(),
      credentials: z.record(SecretName, CredentialId).optional(),
      prefix,
      is_trusted: z.boolean().default(false),
      tools: z
        .array(z.strictObject({ tool_name: z.string().min(1).max(200), ...settled }))
        .min(1)
        .max(mostImported)
        .optional(),
    }),
    reply: z.object({
      offered: z.array(
        z.object({
          tool_name: z.string(),
          title: z.string(),
          tool: ImportableTool.nullable(),
          /** What it takes, where it can be used. */
          input_schema: JsonSchema.nullable(),
          problems: z.array(z.string()),
          notes: z.array(z.string()),
          hints: z.object({ read_only: z.boolean(), destructive: z.boolean(), idempotent: z.boolean() }),
        }),
      ),
      /** The server has more tools than are listed here. */
      is_cut: z.boolean(),
      /** The tools that were made. */
      tools: z.array(Tool),
    }),
  }),
} as const
