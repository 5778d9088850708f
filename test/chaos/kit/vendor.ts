import { nameIn } from "./names.ts"
import { startOpenAiServer, type OpenAiServer } from "../../kit/llm/openai-server.ts"
import { sampleOf, scenarios } from "../../kit/llm/openai-scenarios.ts"

/** The model of the harness: repeats what it was told, a word at a time. */
export const echo = "chaos-echo"

/** The model of agents: does by a tool what it was told to, then says so. */
export const doer = "chaos-doer"

/** A call as it came: what it asked for, under which key, and when. */
export type Call = { text: string; key: string | undefined; at: number; closed: number | undefined }

export type Vendor = {
  server: OpenAiServer
  /** Milliseconds before each word. */
  pace: () => number
  /** Told the text of each call as it arrives. */
  hear: (text: string) => void
  calls: () => Call[]
  /** Calls that are still being answered. */
  open: () => Call[]
}

type Messages = { role?: string; content?: unknown }[]

/** What the model was told to do, in words that name an effect. */
const taskIn = (messages: Messages): string => {
  const content = messages.findLast((one) => one.role === "user")?.content
  return typeof content === "string" ? content : ""
}

const textIn = (body: unknown): string => {
  const { messages = [] } = body as { messages?: { content?: unknown }[] }
  const content = messages.at(-1)?.content
  return typeof content === "string" ? content : ""
}

/** A local server that speaks as OpenAI does, with a model whose speed the harness sets. */
export async function startVendor(): Promise<Vendor> {
  const server = await startOpenAiServer()
  const vendor: Vendor = {
    server,
    pace: () => 5,
    hear: () => {},
    calls: () =>
      server.requests
        .filter(({ path }) => path === "/v1/chat/completions")
        .map(({ headers, body, at, closed }) => ({
          text: textIn(body),
          key: headers["idempotency-key"]?.toString(),
          at,
          closed,
        })),
    open: () => vendor.calls().filter(({ closed }) => closed === undefined),
  }
  const repeat = scenarios["echo"]?.text
  scenarios[echo] = {
    about:
      "repeats the last user message as fast as the harness says, or takes the first of what a schema offers",
    text: (request) => {
      const text = repeat?.(request) ?? ""
      vendor.hear(text)
      return request.schema ? JSON.stringify(sampleOf(request.schema)) : text
    },
    get pace() {
      return vendor.pace()
    },
  }
  scenarios[doer] = {
    about: "calls its tool with the name of the effect, then says that it is done",
    text: ({ messages }) => {
      if (messages.at(-1)?.role === "tool") return "It is done."
      vendor.hear(taskIn(messages))
      return "Let me see to it."
    },
    toolCalls: ({ messages, tools }) =>
      messages.at(-1)?.role === "tool" || !tools[0]
        ? []
        : [{ name: tools[0].name, arguments: JSON.stringify({ effect: nameIn(taskIn(messages)) }) }],
    get pace() {
      return vendor.pace()
    },
  }
  return vendor
}
