import type { ChatMessage } from "#core/contract/chat"
import { done, type Outcome } from "#core/errors"
import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import { executionId, type ExecutionId } from "#core/ids"
import { ChatObject } from "#durable/chat/object"
import type { Begin, ChatPorts, SessionRow } from "#durable/chat/ports"

/** An object waits by a timer of its own: what another context settles it may not wait for. */
const soon = () => new Promise((resolve) => setTimeout(resolve, 2))

/** An execution's journal that a test writes while a chat reads it. */
export class Journal {
  readonly events: ExecutionEvent[] = []

  say(...events: NewEvent[]): void {
    for (const event of events) {
      const at = new Date(1_795_000_000_000 + this.events.length).toISOString()
      this.events.push({ seq: this.events.length + 1, at, ...event })
    }
  }

  async *after(seq: number): AsyncGenerator<readonly ExecutionEvent[], void> {
    for (let read = seq; ;) {
      const page = this.events.slice(read)
      if (page.length > 0) yield page
      read += page.length
      if (page.some(({ type }) => /^execution\.(succeeded|failed|cancelled)$/.test(type))) return
      if (page.length === 0) await soon()
    }
  }
}

const place = { node_id: "ask", attempt: 1 }

export const opening: NewEvent[] = [
  { type: "execution.started", data: {} },
  { type: "node.started", ...place, data: {} },
  { type: "model.started", ...place, data: { provider_type: "builtin", model: "fake" } },
]
export const delta = (text: string): NewEvent => ({ type: "model.delta", ...place, data: { text } })
export const closing = (text: string): NewEvent[] => [
  {
    type: "model.finished",
    ...place,
    data: {
      model: "fake",
      finish_reason: "stop",
      usage: { input_tokens: 7, output_tokens: 3 },
      cost_micros: 11,
      latency_ms: 5,
    },
  },
  { type: "execution.succeeded", data: { outputs: text } },
]

/** What the tests of chats decide and see of the outside world; a test's tenant has its own. */
export class ChatWorld {
  begun: Begin[] = []
  /** How often a beginning was asked for, repeats included. */
  asked = 0
  refusals: Outcome<never>[] = []
  readonly ids = new Map<string, ExecutionId>()
  readonly journals = new Map<ExecutionId, Journal>()
  /** What an execution says when it begins; the rest is the test's. */
  script: (journal: Journal, wanted: Begin) => void = (journal, wanted) =>
    journal.say(...opening, delta(`you said ${wanted.message}`), ...closing(`you said ${wanted.message}`))
  /** After so many pages reading breaks off. */
  breakAfter = Infinity
  cancelled: ExecutionId[] = []
  session: SessionRow | undefined
  messages = new Map<string, Pick<ChatMessage, "content">>()
  failures = 0
  /** Sessions and keys whose people may see nothing any more. */
  shutOut = new Set<string>()
  /** Whether beginnings wait. */
  isHeld = false

  get journal(): Journal {
    return [...this.journals.values()].at(-1)!
  }
}

const worlds = new Map<string, ChatWorld>()

export function chatWorldOf(tenant: string): ChatWorld {
  const world = worlds.get(tenant) ?? new ChatWorld()
  worlds.set(tenant, world)
  return world
}

const ports: ChatPorts = {
  async begin({ id: tenant }, wanted) {
    const world = chatWorldOf(tenant)
    world.asked++
    while (world.isHeld) await soon()
    const refusal = world.refusals.shift()
    if (refusal) return refusal
    const known = world.ids.get(wanted.key)
    if (known) return done({ id: known, name: "Ada" })
    const id = executionId(0, Date.now(), (bytes) => crypto.getRandomValues(new Uint8Array(bytes)))
    const journal = new Journal()
    world.ids.set(wanted.key, id)
    world.journals.set(id, journal)
    world.begun.push(wanted)
    world.script(journal, wanted)
    return done({ id, name: wanted.partner.is === "flow" ? "A flow" : "Ada" })
  },
  async *events({ id: tenant }, execution, after) {
    const world = chatWorldOf(tenant)
    let pages = 0
    for await (const page of world.journals.get(execution)!.after(after)) {
      if (++pages > world.breakAfter) throw new Error("the line was cut")
      yield page
    }
  },
  async cancel({ id: tenant }, execution) {
    const world = chatWorldOf(tenant)
    world.cancelled.push(execution)
    world.journals.get(execution)!.say({ type: "execution.cancelled", data: {} })
  },
  async record({ id: tenant }, rows) {
    const world = chatWorldOf(tenant)
    if (world.failures-- > 0) throw new Error("D1 is away")
    world.session = rows.session ?? world.session
    for (const row of rows.messages) world.messages.set(row.id, row)
  },
  mayStay: async ({ id: tenant }, passes) =>
    passes.map((pass) => !chatWorldOf(tenant).shutOut.has("key" in pass ? pass.key : pass.session)),
  now: () => Date.now(),
}

export class FakeChat extends ChatObject {
  protected ports() {
    return ports
  }
}
