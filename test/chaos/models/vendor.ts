import { countInput, countTokens } from "../../../core/llm/tokens.ts"
import { callOf, CompletionRequest } from "../../../worker/services/openai/request.ts"
import { ApiError, type ChatRequest } from "../../kit/llm/openai-request.ts"
import { sampleOf, type Scenario } from "../../kit/llm/openai-scenarios.ts"
import { startOpenAiServer, type Bill, type OpenAiServer } from "../../kit/llm/openai-server.ts"

/** A prompt that begins so is begun to be answered, and never answered to its end. */
export const endless = "Say something that has no end."

/** How a request was answered: properly, or by which misbehaviour. */
export type Manner = "proper" | "endless" | MisbehaviourName

export type FaultyVendor = {
  server: OpenAiServer
  /** How each request was answered, in the order in which they came. */
  manners: Manner[]
  /** Calls of tools that whole streams have asked for, and those of streams that were broken. */
  asked: Set<string>
  broken: Set<string>
}

const share = 0.3
/** What whole answers are billed beyond our own count, so that it shows whose word is taken. */
const ownFrame: Bill = { prompt_tokens: 7, completion_tokens: 3 }

type Draw = (most: number) => number
type Misbehaviour = {
  /** Only of requests that it can happen to. */
  fits?: (chat: ChatRequest) => boolean
  /** The answer is whole, and is paid for as a whole: by our count where the vendor's own cannot be true. */
  whole?: "false usage" | "of no use"
  scenario: (proper: Scenario, chat: ChatRequest, draw: Draw) => Scenario
}

const refusing = (status: number, headers: Record<string, string> = {}): Misbehaviour => ({
  scenario: () => ({
    about: String(status),
    refuse: () => ({ error: new ApiError(status, "Not now.", { type: "server_error" }), headers }),
  }),
})

type After = NonNullable<Scenario["after"]>["act"]

/** Somewhere after the first words. */
const breaking = (act: After): Misbehaviour => ({
  scenario: (proper, _, draw) => ({ ...proper, after: { chunks: 2 + draw(4), act } }),
})

const telling = (usage: unknown): Misbehaviour => ({
  whole: "false usage",
  scenario: (proper) => ({ ...proper, usage }),
})

const tokens = (prompt_tokens: number, completion_tokens: number) => ({
  prompt_tokens,
  completion_tokens,
  total_tokens: prompt_tokens + completion_tokens,
})

const wantsTool = ({ tools, messages }: ChatRequest): boolean =>
  tools.length > 0 && messages.at(-1)?.role !== "tool"

/** The line ends within a letter: the second half of ü never comes. */
const halfLetter = Buffer.concat([
  Buffer.from(
    'data: {"id":"chatcmpl-test","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Gr',
  ),
  Buffer.from([0xc3]),
])

const errorLine = { error: { message: "The server is overloaded.", type: "server_error", code: null } }

const misbehaviours = {
  "429, come back at once": refusing(429, { "retry-after": "0" }),
  "429, come back in a second": refusing(429, { "retry-after": "1" }),
  "500": refusing(500),
  "page of a gateway": {
    scenario: () => ({
      about: "HTML",
      refuse: () => ({
        status: 502,
        contentType: "text/html",
        text: "<html><body>Bad gateway</body></html>",
      }),
    }),
  },
  "no answer at all": { scenario: () => ({ about: "silent", silent: true }) },
  stall: breaking("stall"),
  cut: breaking("cut"),
  "bad JSON in the stream": breaking({ write: 'data: {"choices": [oops\n\n', next: "stall" }),
  "error in the stream": breaking({ write: `data: ${JSON.stringify(errorLine)}\n\n`, next: "stall" }),
  "half a letter": breaking({ write: halfLetter, next: "cut" }),
  "no last word": { scenario: (proper) => ({ ...proper, finish: null }) },
  "cut within a tool call": {
    fits: wantsTool,
    scenario: (proper, _, draw) => ({ ...proper, after: { chunks: 8 + draw(3), act: "cut" } }),
  },
  "tool call that is no JSON": {
    fits: wantsTool,
    whole: "of no use",
    scenario: (proper, { tools }) => ({
      ...proper,
      toolCalls: () => [{ name: tools[0]!.name, arguments: '{"effect": oops' }],
    }),
  },
  "JSON of another shape": {
    fits: ({ schema }) => schema !== undefined,
    whole: "of no use",
    scenario: (proper) => ({ ...proper, text: () => '{"unexpected":true}' }),
  },
  "claims 10^9 tokens": telling(tokens(1_000_000_000, 1_000_000_000)),
  "claims less than none": telling(tokens(-5, -7)),
  "claims nothing": telling(undefined),
} satisfies Record<string, Misbehaviour>
type MisbehaviourName = keyof typeof misbehaviours
const names = Object.keys(misbehaviours) as MisbehaviourName[]

/** Numbers that look like chance and are the same each time: mulberry32. */
function drawing(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const lastWords = ({ messages }: ChatRequest): string => {
  const content = messages.at(-1)?.content
  return typeof content === "string" ? content : ""
}

/** What a vendor that is well answers: a call of the tool, then a sentence; JSON for a schema. */
const proper = (chat: ChatRequest, effect: string): Scenario => ({
  about: "as it should be",
  text: () =>
    wantsTool(chat)
      ? "Let me see to it."
      : chat.schema
        ? JSON.stringify(sampleOf(chat.schema))
        : "Grüße aus Köln, es ist getan: 3 Schiffe 🦊 liegen im Hafen.",
  toolCalls: () =>
    wantsTool(chat) ? [{ name: chat.tools[0]!.name, arguments: JSON.stringify({ effect }) }] : [],
})

/**
 * A server that speaks as OpenAI does and misbehaves at three of ten requests, in every way that vendors are known for. It keeps an
 * account of what is to be paid: what it has said of answers that are whole, and of broken ones what it had sent.
 */
export async function startFaultyVendor(seed: number): Promise<FaultyVendor> {
  const chance = drawing(seed)
  const draw: Draw = (most) => Math.floor(chance() * most)
  const vendor: Omit<FaultyVendor, "server"> = { manners: [], asked: new Set(), broken: new Set() }
  /** Calls of tools in answers that are to be whole, until they have been sent. */
  const whole = new WeakMap<Scenario, string>()

  const choose = (chat: ChatRequest): Scenario => {
    const effect = `call-${vendor.manners.length}`
    const well = proper(chat, effect)
    const fitting = names.filter((name) => (misbehaviours[name] as Misbehaviour).fits?.(chat) ?? true)
    const manner: Manner = lastWords(chat).startsWith(endless)
      ? "endless"
      : chance() < share
        ? fitting[draw(fitting.length)]!
        : "proper"
    vendor.manners.push(manner)
    if (manner === "endless") return { ...well, after: { chunks: 4, act: "stall" } }
    if (manner === "proper") {
      if (wantsTool(chat)) whole.set(well, effect)
      return well
    }
    const { whole: comesTo, scenario }: Misbehaviour = misbehaviours[manner]
    const act = scenario(well, chat, draw)
    if (wantsTool(chat) && comesTo === "false usage") whole.set(act, effect)
    else if (wantsTool(chat)) vendor.broken.add(effect)
    return act
  }
  const bill = (body: unknown, said: string, isWhole: boolean, scenario: Scenario): Bill => {
    const prompt_tokens = countInput({ ...callOf(CompletionRequest.parse(body)), model: "any" })
    const completion_tokens = countTokens(said)
    const effect = whole.get(scenario)
    if (isWhole && effect !== undefined) vendor.asked.add(effect)
    // What it says of itself that cannot be true is not what it is owed.
    if (!isWhole || "usage" in scenario) return { prompt_tokens, completion_tokens }
    return {
      prompt_tokens: prompt_tokens + ownFrame.prompt_tokens,
      completion_tokens: completion_tokens + ownFrame.completion_tokens,
    }
  }
  return Object.assign(vendor, { server: await startOpenAiServer({ choose, bill }) })
}
