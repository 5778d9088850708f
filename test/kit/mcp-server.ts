import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { Readable } from "node:stream"
import { setTimeout as sleep } from "node:timers/promises"
import {
  createMcpHandler,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server"
import * as z from "zod"

/** A request as an MCP server got it. */
export type McpReceived = {
  verb: string
  method: string
  headers: Record<string, string>
  params: Record<string, unknown>
  /** The caller left before the answer was whole. */
  isLeft: boolean
}

export type McpTestServer = {
  url: string
  host: string
  received: McpReceived[]
  /** The methods that were asked for, in order. */
  methods: () => string[]
  close: () => Promise<void>
}

/** The tools that the official SDK serves here: they answer, stream their progress, fail, wait for ever. */
export function toolServer(): McpServer {
  const server = new McpServer({ name: "shop", version: "1.0.0" })
  const order = z.object({ order: z.string().describe("Its number") })
  server.registerTool(
    "find_order",
    { description: "Finds an order", inputSchema: order, annotations: { readOnlyHint: true } },
    ({ order: number }) => ({ content: [{ type: "text", text: `Order ${number} is on its way` }] }),
  )
  server.registerTool(
    "price",
    { inputSchema: order, outputSchema: z.object({ cents: z.number() }) },
    ({ order: number }) => {
      const structuredContent = { cents: number.length * 100 }
      return { content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent }
    },
  )
  server.registerTool("slowly", { inputSchema: z.object({}) }, async (_, context) => {
    const progressToken = context.mcpReq._meta?.progressToken
    for (const progress of [1, 2]) {
      if (progressToken !== undefined)
        await context.mcpReq.notify({
          method: "notifications/progress",
          params: { progressToken, progress, total: 2, message: `part ${progress}` },
        })
    }
    return { content: [{ type: "text", text: "done" }] }
  })
  server.registerTool("broken", { inputSchema: z.object({}) }, () => ({
    content: [{ type: "text", text: "The date must be in the future." }],
    isError: true,
  }))
  server.registerTool("hang", { inputSchema: z.object({}) }, async () => {
    await sleep(60_000, undefined, { ref: false })
    return { content: [] }
  })
  return server
}

/** How the official SDK serves: the stateless protocol, the one before without sessions, or with them. */
export type Era = "modern" | "legacy-stateless" | "legacy-sessions"

export async function startMcpServer(era: Era): Promise<McpTestServer> {
  if (era === "modern") return serve(createMcpHandler(() => toolServer(), { legacy: "reject" }).fetch)
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()
  return serve(async (request) => {
    const known = sessions.get(request.headers.get("mcp-session-id") ?? "")
    if (known) return known.handleRequest(request)
    const transport: WebStandardStreamableHTTPServerTransport = new WebStandardStreamableHTTPServerTransport(
      era === "legacy-stateless"
        ? {}
        : {
            sessionIdGenerator: () => crypto.randomUUID(),
            onsessioninitialized: (id) => void sessions.set(id, transport),
          },
    )
    await toolServer().connect(transport)
    return transport.handleRequest(request)
  })
}

/** A server whose answers are made by hand: for those that lie, break and never end. */
export const startOddServer = (
  answer: (received: McpReceived & { id: unknown }, response: ServerResponse) => void,
): Promise<McpTestServer> =>
  listen((received, _, response, body) => answer({ ...received, id: body["id"] }, response))

const serve = (handler: (request: Request) => Promise<Response>): Promise<McpTestServer> =>
  listen(async (_, request, response, __, text) => {
    const left = new AbortController()
    response.on("close", () => left.abort())
    const url = `http://${request.headers.host}${request.url}`
    const answer = await handler(
      new Request(url, {
        method: request.method ?? "GET",
        headers: request.headers as Record<string, string>,
        signal: left.signal,
        ...(text === "" ? {} : { body: text }),
      }),
    )
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    if (!answer.body) response.end()
    else
      Readable.fromWeb(answer.body as never)
        .on("error", () => response.destroy())
        .pipe(response)
  })

type Work = (
  received: McpReceived,
  request: IncomingMessage,
  response: ServerResponse,
  body: Record<string, unknown>,
  text: string,
) => void | Promise<void>

async function listen(work: Work): Promise<McpTestServer> {
  const received: McpReceived[] = []
  const server = createServer((request, response) => {
    void (async () => {
      let text = ""
      for await (const part of request) text += String(part)
      const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>
      const one: McpReceived = {
        verb: request.method ?? "",
        method: typeof body["method"] === "string" ? body["method"] : "",
        headers: request.headers as Record<string, string>,
        params: (body["params"] ?? {}) as Record<string, unknown>,
        isLeft: false,
      }
      received.push(one)
      response.on("close", () => (one.isLeft = !response.writableFinished))
      await work(one, request, response, body, text)
    })().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    host: `127.0.0.1:${port}`,
    received,
    methods: () => received.map((one) => one.method || one.verb),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
