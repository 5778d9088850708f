import type { VisitorEvent, VisitorMessage } from "#core/contract/widget"
import { readServerEvents } from "#web/api/sse.ts"

type Begun = { token: string; partner: string; expires_at: string }
type Page = { messages: VisitorMessage[]; last_seq: number; partner: string }

/** Why a request was refused, in words for the visitor. */
export class Refused extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The addresses that a widget's key opens. The visitor's token is kept for this site, so that the chat is there on its next page. */
export class Client {
  readonly #base: string
  readonly #key: string
  readonly #place: string

  constructor(host: string, key: string) {
    this.#base = `${host}/api/v1/widget`
    this.#key = key
    this.#place = `edgecrew.widget.${key.slice(-8)}`
  }

  get hasChat(): boolean {
    return this.#token() !== null
  }

  async begin(): Promise<Begun> {
    const begun = await read<Begun>(await this.#ask("POST", "/sessions", this.#key, {}))
    try {
      localStorage.setItem(this.#place, begun.token)
    } catch {
      // Without storage the chat lasts as long as the page.
    }
    this.#held = begun.token
    return begun
  }

  /** The chat is over: its token has expired, or its key was revoked. */
  forget(): void {
    this.#held = null
    try {
      localStorage.removeItem(this.#place)
    } catch {
      // There was nothing to forget.
    }
  }

  async messages(): Promise<Page> {
    return read<Page>(await this.#ask("GET", "/messages?limit=100", this.#token()))
  }

  async send(content: string): Promise<void> {
    await this.#ask("POST", "/messages", this.#token(), { content })
  }

  async stop(): Promise<void> {
    await this.#ask("POST", "/stop", this.#token())
  }

  async *events(after: number, signal: AbortSignal): AsyncGenerator<VisitorEvent, void> {
    const response = await this.#ask("GET", `/stream?after=${after}`, this.#token(), undefined, signal)
    if (!response.body) return
    for await (const { data } of readServerEvents(response.body)) {
      const event: unknown = JSON.parse(data)
      if (isEvent(event)) yield event
    }
  }

  #held: string | null = null

  #token(): string | null {
    if (this.#held !== null) return this.#held
    try {
      this.#held = localStorage.getItem(this.#place)
    } catch {
      // Storage is forbidden here.
    }
    return this.#held
  }

  async #ask(
    method: string,
    path: string,
    bearer: string | null,
    body?: object,
    signal?: AbortSignal,
  ): Promise<Response> {
    const response = await fetch(this.#base + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer ?? ""}`,
        ...(body ? { "content-type": "application/json" } : {}),
      },
      body: body ? JSON.stringify(body) : null,
      // Whoever is signed in to Edgecrew is a visitor here all the same.
      credentials: "omit",
      signal: signal ?? null,
    })
    if (response.status >= 400) throw new Refused(response.status, await reasonOf(response))
    return response
  }
}

// The server answers by its contract; what is shown of it is text.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const read = async <T>(response: Response): Promise<T> => (await response.json()) as T

async function reasonOf(response: Response): Promise<string> {
  const problem: unknown = await response.json().catch(() => null)
  const detail =
    typeof problem === "object" && problem !== null && "detail" in problem ? problem.detail : undefined
  return typeof detail === "string" ? detail : "This did not work. Try again."
}

const known: ReadonlySet<unknown> = new Set<VisitorEvent["type"]>(["message", "delta", "reset"])

const isEvent = (event: unknown): event is VisitorEvent =>
  typeof event === "object" && event !== null && "type" in event && known.has(event.type)
