import { DurableObject } from "cloudflare:workers"

interface Env {
  ECHO: DurableObjectNamespace<Echo>
  ROWS: DurableObjectNamespace<Rows>
}

/** Five rows of the size of a journal event, durable before the answer leaves. */
export class Rows extends DurableObject<Env> {
  constructor(state: DurableObjectState, env: Env) {
    super(state, env)
    state.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS event (id TEXT NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (id, seq)) WITHOUT ROWID",
    )
  }

  append(id: string, body: string): number {
    for (let seq = 1; seq <= 5; seq++) {
      this.ctx.storage.sql.exec("INSERT INTO event (id, seq, body) VALUES (?, ?, ?)", id, seq, body)
    }
    return 5
  }
}

/** Sends on what anybody says to everybody else, as it comes. */
export class Echo extends DurableObject<Env> {
  override fetch(): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    this.ctx.acceptWebSocket(server)
    return new Response(null, { status: 101, webSocket: client })
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    for (const other of this.ctx.getWebSockets()) if (other !== socket) other.send(message)
  }
}

const event = JSON.stringify({ type: "node.succeeded", node_id: "shape", data: { output: "x".repeat(160) } })

export default {
  async fetch(request, env): Promise<Response> {
    const { pathname } = new URL(request.url)
    if (pathname === "/echo") return env.ECHO.get(env.ECHO.idFromName("one")).fetch(request)
    if (pathname !== "/rows") return new Response("ok")
    const rows = env.ROWS.get(env.ROWS.idFromName("one"))
    return Response.json({ rows: await rows.append(crypto.randomUUID(), event) })
  },
} satisfies ExportedHandler<Env>
