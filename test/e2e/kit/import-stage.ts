import { createServer, type Server as HttpServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Browser } from "playwright-core"
import { largeDocument } from "#test/kit/openapi"
import { startMcpServer, type McpTestServer } from "#test/kit/mcp-server"
import { startFresh, type Server } from "#test/kit/server"
import { Visitor } from "./browser.ts"
import { Client } from "./client.ts"
import { register, type Tenant } from "./world.ts"
import { signIn } from "./sign-in.ts"

/** So many operations has the document of the large company. */
export const operationCount = 600

/** A server of the product with its sandbox, an MCP server and an API's document on this machine, and somebody who works there. */
export class ImportStage {
  readonly server: Server
  readonly mcp: McpTestServer
  readonly tenant: Tenant
  readonly stranger: Client
  /** Where the document is. */
  readonly documentUrl: string
  readonly #documents: HttpServer
  readonly #end: () => Promise<void>

  private constructor(
    parts: Pick<ImportStage, "server" | "mcp" | "tenant" | "stranger" | "documentUrl">,
    own: { documents: HttpServer; end: () => Promise<void> },
  ) {
    this.server = parts.server
    this.mcp = parts.mcp
    this.tenant = parts.tenant
    this.stranger = parts.stranger
    this.documentUrl = parts.documentUrl
    this.#documents = own.documents
    this.#end = own.end
  }

  static async set(): Promise<ImportStage> {
    const mcp = await startMcpServer("modern")
    const documents = createServer((request, response) => {
      const isThere = request.url === "/openapi.json"
      response.writeHead(isThere ? 200 : 404, { "content-type": "application/json" })
      response.end(isThere ? JSON.stringify(largeDocument(operationCount)) : "{}")
    })
    await new Promise<void>((resolve) => documents.listen(0, "127.0.0.1", resolve))
    const host = `127.0.0.1:${(documents.address() as AddressInfo).port}`
    const settings = { EDGECREW_EGRESS_ALLOW: `${mcp.host},${host}`, EDGECREW_SANDBOX: "1" }
    const { server, end } = await startFresh({ settings })
    const stranger = await Client.of(server.address)
    const tenant = await register(stranger)
    const documentUrl = `http://${host}/openapi.json`
    return new ImportStage({ server, mcp, tenant, stranger, documentUrl }, { documents, end })
  }

  /** The tenant's admin at a screen of that size, signed in. */
  async visit(browser: Browser, size: { width: number; height: number }): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, this.server.address, size)
    const { page } = visitor
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
    await signIn(page, this.tenant)
    return visitor
  }

  async strike(): Promise<void> {
    await this.#end()
    await this.mcp.close()
    this.#documents.closeAllConnections()
    await new Promise((resolve) => this.#documents.close(resolve))
  }
}
