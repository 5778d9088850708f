import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { render } from "@testing-library/react"
import { vi } from "vitest"
import type { ChatEvent, ChatMessage, ChatSession, ChatStep } from "#core/contract/chat"
import { AgentId, ChatId, CrewId, ExecutionId, MessageId } from "#core/ids"
import { session as signedIn } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { ChatLayout } from "./chat-layout.tsx"
import { ChatPage } from "./chat-page.tsx"
import { SharedPage } from "./share/shared-page.tsx"
import { HomePage } from "./start/home-page.tsx"
import { NewChatPage } from "./start/new-chat-page.tsx"

const ulid = (n: number): string => `01JD${String(n).padStart(22, "0")}`
const at = "2026-11-21T09:30:00.000Z"

export const chatId = ChatId.parse(`chat_${ulid(1)}`)
export const crewId = CrewId.parse(`crew_${ulid(1)}`)
export const agentId = (n: number) => AgentId.parse(`agent_${ulid(n)}`)
export const messageId = (n: number) => MessageId.parse(`msg_${ulid(n)}`)
export const executionId = ExecutionId.parse(`exec_00${ulid(1)}`)

export const me = {
  user: { id: `user_${ulid(1)}`, email: "ana@example.com", name: "Ana", preferences: {} },
  capabilities: ["chat.read", "chat.write", "agent.read", "flow.read", "approval.answer", "execution.read"],
}

export const chat = (change: Partial<ChatSession> = {}): ChatSession => ({
  id: chatId,
  title: "Prices of tea",
  crew_id: crewId,
  agent_id: null,
  flow_id: null,
  partner: "Research crew",
  settings: { busy: "queue" },
  status: "idle",
  message_count: 2,
  cost_micros: 4200,
  share_url: null,
  created_by: me.user.id,
  created_at: at,
  updated_at: at,
  ...change,
})

export const message = (n: number, change: Partial<ChatMessage> = {}): ChatMessage => ({
  id: messageId(n),
  parent_id: n === 1 ? null : messageId(n - 1),
  role: n % 2 === 1 ? "user" : "assistant",
  content: n % 2 === 1 ? `Question ${n}` : `Answer ${n}`,
  status: "done",
  author: n % 2 === 1 ? me.user.id : "Research crew",
  to_agent_id: null,
  attached_flow_id: null,
  execution_id: n % 2 === 1 ? null : executionId,
  steps: [],
  error: null,
  input_tokens: 0,
  output_tokens: 0,
  cost_micros: 0,
  feedback: null,
  created_at: at,
  finished_at: at,
  ...change,
})

export const step = (id: string, change: Partial<ChatStep> = {}): ChatStep => ({
  id,
  type: "tool",
  by: "writer",
  title: id,
  detail: null,
  result: null,
  status: "succeeded",
  parent: null,
  approval_id: null,
  started_at: at,
  duration_ms: 12,
  cost_micros: 0,
  input_tokens: 0,
  output_tokens: 0,
  ...change,
})

/** What a server answers: a body, or a failure with its status. */
export type Reply = object | { refuse: number; code: string; detail: string }
type Sent = { method: string; path: string; body: unknown }

type Unnumbered<E> = E extends ChatEvent ? Omit<E, "seq"> : never

/** A server of one chat, whose stream says what the test says. */
export class FakeServer {
  session: ChatSession
  messages: ChatMessage[]
  readonly sent: Sent[] = []
  /** With which `Last-Event-ID` the stream was opened, each time. */
  readonly opened: number[] = []
  answer: (method: string, path: string, body: unknown) => Reply | undefined = () => undefined
  #seq = 10
  #log: string[] = []
  #line: ReadableStreamDefaultController<Uint8Array> | null = null

  constructor(messages: ChatMessage[] = [], session: Partial<ChatSession> = {}) {
    this.messages = messages
    this.session = chat({ message_count: messages.length, ...session })
    vi.spyOn(globalThis, "fetch").mockImplementation((address, init = {}) =>
      this.#serve(typeof address === "string" ? address : "", init),
    )
  }

  /** Says something on the stream, now and to whoever resumes. */
  say(event: Unnumbered<ChatEvent>): void {
    this.#seq++
    const text = `id: ${this.#seq}\ndata: ${JSON.stringify({ seq: this.#seq, ...event })}\n\n`
    this.#log.push(text)
    this.#line?.enqueue(new TextEncoder().encode(text))
  }

  cut(): void {
    this.#line?.error(new TypeError("network error"))
    this.#line = null
  }

  async #serve(address: string, init: RequestInit): Promise<Response> {
    const path = address.replace("/api/v1", "")
    if (path.includes("/stream?")) return this.#stream(new Headers(init.headers))
    const method = init.method ?? "GET"
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined
    this.sent.push({ method, path, body })
    const reply = this.answer(method, path, body) ?? this.#usual(path)
    if (!("refuse" in reply)) return new Response(JSON.stringify(reply))
    const problem = { type: "about:blank", title: "No", status: reply.refuse, request_id: "req_1" }
    return new Response(JSON.stringify({ ...problem, ...reply }), { status: reply.refuse })
  }

  #usual(path: string): Reply {
    if (path.startsWith("/chat/sessions?")) {
      const page_info = { page: 1, limit: 50, has_next: false, has_prev: false }
      return { sessions: [this.session], hits: [], total: 1, page_info }
    }
    if (path === `/chat/sessions/${chatId}`) return { session: this.session }
    if (path.startsWith(`/chat/sessions/${chatId}/messages?`)) {
      return { messages: this.messages.toReversed(), has_more: false, has_newer: false, last_seq: 10 }
    }
    if (path === `/crews/${crewId}`) {
      return { agents: [{ id: agentId(1), name: "Mo", role: "Writer", is_deleted: false }] }
    }
    if (path.startsWith("/flows?")) return { flows: [] }
    return { refuse: 404, code: "route.not_found", detail: "Not there." }
  }

  #stream(headers: Headers): Response {
    const after = Number(headers.get("last-event-id"))
    this.opened.push(after)
    const missed = this.#log.slice(Math.max(0, after - 10)).join("")
    const body = new ReadableStream<Uint8Array>({
      start: (line) => {
        this.#line = line
        line.enqueue(new TextEncoder().encode(`: hello\n\n${missed}`))
      },
    })
    return new Response(body, { headers: { "content-type": "text/event-stream" } })
  }
}

export const serveChat = (messages: ChatMessage[]): FakeServer => new FakeServer(messages)

/** The pages at an address, as the router has them. A screen shows about ten rows at once. */
export function open(address: string): void {
  signedIn.begin("token", "tenant")
  // happy-dom lays nothing out: without a height nothing would be in view.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800)
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(80)
  const root = createRootRoute({ component: Outlet })
  const shell = createRoute({ getParentRoute: () => root, id: "shell", component: Outlet })
  const inside = createRoute({ getParentRoute: () => shell, id: "inside", component: Outlet })
  const layout = createRoute({ getParentRoute: () => inside, path: "/chat", component: ChatLayout })
  const home = createRoute({ getParentRoute: () => layout, path: "/", component: HomePage })
  const fresh = createRoute({ getParentRoute: () => layout, path: "/new", component: NewChatPage })
  const one = createRoute({ getParentRoute: () => layout, path: "/$chatId", component: ChatPage })
  const shared = createRoute({
    getParentRoute: () => root,
    path: "/shared-chats/$token",
    component: SharedPage,
  })
  const router = createRouter({
    routeTree: root.addChildren([
      shared,
      shell.addChildren([inside.addChildren([layout.addChildren([home, fresh, one])])]),
    ]),
    history: createMemoryHistory({ initialEntries: [address] }),
  })
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(["me"], me)
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <RouterProvider router={router} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
}
