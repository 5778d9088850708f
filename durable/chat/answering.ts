import type { ChatMessage, ChatStep } from "#core/contract/chat"
import { branchTo, historyOf, mostRecalled } from "#core/chat/branch"
import { mergedNews } from "#core/chat/merge"
import { foldTurn } from "#core/chat/turn"
import { firstTurnState, type News, type TurnEnd, type TurnState } from "#core/chat/turn-state"
import { Failure, failures, type FailureCode } from "#core/errors"
import type { AgentId, FlowId, MessageId } from "#core/ids"
import type { Begin, ChatPorts, Partner } from "./ports.ts"
import type { ChatNews, ChatStore, Spent, Turn } from "./store.ts"
import type { Thread } from "./thread.ts"

type Deps = {
  store: ChatStore
  thread: Thread
  ports: ChatPorts
  /** Asks to be woken by an alarm, should memory be lost before then. */
  wakeAt: (due: number) => void
  stamp: () => string
}

/** An answer whose object was put to sleep or killed is taken up again after so long. */
const watchMs = 10_000
/** News are written together that come so close to each other: an answer's words cost few rows. */
const restMs = 80
const mostTries = 6
const mostBackoffMs = 30_000
const mostAttached = 100_000

const attachedStep = "attached"

type Fold = { stage: Turn["stage"]; state: TurnState; seq: number }

/**
 * Gives the answers of a chat, one after another: begins an execution for each, reads its journal, and writes what it comes to.
 * Whatever is forgotten in between is read again; what was written is not told twice.
 */
export class Answering {
  private readonly deps: Deps
  private driving: Promise<void> | undefined
  /** How far executions are folded; what a crash forgets is folded anew, silently as far as it was written. */
  private readonly folds = new Map<MessageId, Fold>()
  private readonly settled = new Set<() => void>()
  private current: MessageId | undefined

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** Goes on with what waits to be answered. */
  drive(): Promise<void> {
    return (this.driving ??= this.all().finally(() => {
      this.driving = undefined
    }))
  }

  private async all(): Promise<void> {
    const { store, wakeAt, ports } = this.deps
    for (let turn = store.turns()[0]; turn; turn = store.turns()[0]) {
      wakeAt(ports.now() + watchMs)
      this.current = turn.message_id
      try {
        await this.go(turn)
      } catch (error) {
        if (error instanceof Failure && !failures[error.code].retry) {
          this.finish(turn, { status: "failed", error: { code: error.code, message: error.message } })
          continue
        }
        const tries = (this.deps.store.turn(turn.message_id)?.tries ?? 0) + 1
        console.warn("chat: an answer broke off, it goes on shortly", { tries, error: String(error) })
        return this.later(turn.message_id, tries)
      } finally {
        this.current = undefined
      }
      if (store.turn(turn.message_id)?.tries) return
    }
  }

  /** Tries again after a while. */
  private later(id: MessageId, tries: number): void {
    const { store, wakeAt, ports } = this.deps
    const turn = store.turn(id)
    if (turn) store.saveTurn({ ...turn, tries })
    wakeAt(ports.now() + Math.min(500 * 2 ** tries, mostBackoffMs))
  }

  /** Nothing is begun now: the answer waits in its place, and however long that lasts, it is none of its tries. */
  private hold(turn: Turn): void {
    const { store, wakeAt, ports } = this.deps
    store.saveTurn({ ...turn, tries: 1 })
    wakeAt(ports.now() + mostBackoffMs)
  }

  private async go(turn: Turn): Promise<void> {
    const begun = turn.execution_id === null ? await this.begin(turn) : turn
    if (!begun) return
    if (begun.is_stopping) await this.cancel(begun)
    await this.listen(begun)
  }

  private async begin(turn: Turn): Promise<Turn | undefined> {
    const { store, thread, ports, stamp } = this.deps
    if (turn.is_stopping) {
      this.finish(turn, { status: "stopped", error: null })
      return undefined
    }
    const answer = thread.message(turn.message_id)!
    const outcome = await ports.begin(store.tenant(), this.wanted(turn, answer))
    // It may have been stopped, or the chat deleted, meanwhile.
    const now = store.turn(turn.message_id)
    if (!now) {
      if (outcome.ok) await ports.cancel(store.tenant(), outcome.value.id, turn.author)
      return undefined
    }
    if (!outcome.ok) {
      this.refused(now, outcome.code, outcome.more.detail)
      return undefined
    }
    const { id, name } = outcome.value
    const begun: Turn = { ...now, execution_id: id, tries: 0, read: 0 }
    thread.write(() => {
      store.saveTurn(begun)
      const isAnswer = turn.stage === "answer"
      const message: ChatMessage = {
        ...thread.message(turn.message_id)!,
        status: "answering",
        ...(isAnswer ? { author: name, execution_id: id } : {}),
      }
      const step = isAnswer
        ? []
        : [{ type: "step", message_id: answer.id, step: flowStep(answer, name, stamp()) } as const]
      thread.add(answer.id, [{ type: "message", message }, ...step])
      thread.session()
    })
    return begun
  }

  /** What is asked of whom. */
  private wanted({ stage, author, attached }: Turn, answer: ChatMessage): Begin {
    const { thread, store } = this.deps
    const branch = branchTo(answer.parent_id!, (id) => thread.message(id), mostRecalled)
    const asked = branch.at(-1)!
    return {
      partner: stage === "attached" ? flow(asked.attached_flow_id!) : this.partnerOf(asked.to_agent_id),
      message: asked.content,
      history: historyOf(branch.slice(0, -1)),
      author,
      key: `${store.session().id} ${answer.id} ${stage}`,
      ...(attached === undefined ? {} : { attached }),
    }
  }

  private partnerOf(addressed: AgentId | null): Partner {
    const { agent_id, crew_id, flow_id } = this.deps.store.session()
    if (addressed !== null) return { is: "agent", id: addressed }
    if (agent_id !== null) return { is: "agent", id: agent_id }
    return crew_id !== null ? { is: "crew", id: crew_id } : flow(flow_id!)
  }

  private refused(turn: Turn, code: FailureCode, detail: string | undefined): void {
    if (code === "tenant.suspended") return this.hold(turn)
    const { retry, say } = failures[code]
    if (retry && turn.tries + 1 < mostTries) return this.later(turn.message_id, turn.tries + 1)
    this.finish(turn, { status: "failed", error: { code, message: detail ?? say } })
  }

  private async cancel({ execution_id, author }: Turn): Promise<void> {
    const { store, ports } = this.deps
    if (execution_id !== null) await ports.cancel(store.tenant(), execution_id, author)
  }

  /** Reads an execution to its end, and writes what it comes to. */
  private async listen(turn: Turn): Promise<void> {
    const { store, ports } = this.deps
    const { message_id: id, stage } = turn
    const how = {
      partner: this.deps.thread.message(id)!.author,
      ...(stage === "attached" ? { inside: attachedStep } : {}),
    }
    const known = this.folds.get(id)
    let fold: Fold = known?.stage === stage ? known : { stage, state: firstTurnState, seq: 0 }
    const batch = new Batch((news, seq) => this.write(id, news, seq))
    try {
      for await (const page of ports.events(store.tenant(), turn.execution_id!, fold.seq)) {
        if (!store.turn(id)) return
        for (const event of page) {
          if (event.seq <= fold.seq) continue
          const { state, news } = foldTurn(fold.state, event, how)
          fold = { stage, state, seq: event.seq }
          if (event.seq > turn.read) batch.add(news, event.seq)
        }
        this.folds.set(id, fold)
        if (fold.state.end) break
      }
    } finally {
      batch.flush()
    }
    if (!store.turn(id)) return
    if (!fold.state.end) throw new Error("the journal broke off")
    this.ended(turn, fold.state, fold.state.end)
  }

  private write(id: MessageId, news: readonly News[], seq: number): void {
    const { store, thread } = this.deps
    if (!store.turn(id)) return
    thread.write(() => {
      for (const one of mergedNews(news)) thread.add(id, [this.told(id, one)])
      store.noteRead(id, seq)
      if (news.some(({ type }) => type === "status")) thread.session()
    })
  }

  /** A change of status is said by the whole message, as it is by then. */
  private told(id: MessageId, one: News): ChatNews {
    if (one.type !== "status") return { ...one, message_id: id }
    return { type: "message", message: { ...this.deps.thread.message(id)!, status: one.status } }
  }

  private ended(turn: Turn, state: TurnState, { status, error, outputs }: TurnEnd): void {
    const { store, thread, stamp } = this.deps
    this.folds.delete(turn.message_id)
    const now = store.turn(turn.message_id)
    if (!now) return
    const spent = sum(now.spent, state)
    if (turn.stage === "answer" || status !== "done") return this.finish({ ...now, spent }, { status, error })
    thread.write(() => {
      const attached = JSON.stringify(outputs ?? null).length > mostAttached ? null : (outputs ?? null)
      store.saveTurn({ ...now, stage: "answer", execution_id: null, read: 0, tries: 0, attached, spent })
      const step = thread.message(turn.message_id)?.steps.find(({ id }) => id === attachedStep)
      if (step)
        thread.add(turn.message_id, [
          { type: "step", message_id: turn.message_id, step: over(step, stamp()) },
        ])
    })
    // The partner's turn comes next: the same answer is taken up again.
  }

  /** The answer is as it will stay. */
  finish({ message_id: id, spent }: Turn, end: Pick<TurnEnd, "status" | "error">): void {
    const { store, thread, stamp } = this.deps
    thread.write(() => {
      const { steps, ...message } = thread.message(id)!
      store.dropTurn(id)
      const closed = steps.map((step) =>
        step.status === "running" || step.status === "waiting" ? over(step, stamp(), "failed") : step,
      )
      thread.keep({ ...message, ...end, ...spent, steps: closed, finished_at: stamp() })
      store.compact()
      thread.session({ cost_micros: store.session().cost_micros + spent.cost_micros })
    })
    this.folds.delete(id)
    for (const tell of this.settled) tell()
    this.settled.clear()
  }

  /** Stops what is under way and what waits for its turn, but for one answer. */
  async stop(except?: MessageId): Promise<void> {
    const { store } = this.deps
    const stopping = store
      .turns()
      .filter(({ message_id }) => message_id !== except)
      .map((turn): Turn => ({ ...turn, is_stopping: true }))
    for (const turn of stopping) {
      store.saveTurn(turn)
      const isBegun = turn.execution_id !== null || this.current === turn.message_id
      if (!isBegun) this.finish(turn, { status: "stopped", error: null })
    }
    for (const turn of stopping) await this.cancel(turn)
  }

  /** Resolves when nothing is under way any more, or after a while. */
  async quiet(mostMs: number): Promise<void> {
    for (const end = this.deps.ports.now() + mostMs; this.deps.store.turns().length > 0;) {
      const left = end - this.deps.ports.now()
      if (left <= 0) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.settled.add(() => {
          clearTimeout(timer)
          resolve()
        })
      })
    }
  }
}

/** Gathers news that come close to each other. */
class Batch {
  private readonly send: (news: readonly News[], seq: number) => void
  private news: News[] = []
  private seq = 0
  private sent = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(send: (news: readonly News[], seq: number) => void) {
    this.send = send
  }

  add(news: readonly News[], seq: number): void {
    if (news.length === 0) return
    this.news.push(...news)
    this.seq = seq
    const wait = this.sent + restMs - Date.now()
    if (wait <= 0) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), wait)
  }

  flush(): void {
    if (this.timer !== undefined) clearTimeout(this.timer)
    this.timer = undefined
    if (this.news.length === 0) return
    const { news } = this
    this.news = []
    this.sent = Date.now()
    this.send(news, this.seq)
  }
}

const flow = (id: FlowId): Partner => ({ is: "flow", id })

const flowStep = ({ author }: ChatMessage, title: string, at: string): ChatStep => ({
  id: attachedStep,
  type: "tool",
  by: author,
  title,
  detail: null,
  result: null,
  status: "running",
  parent: null,
  approval_id: null,
  started_at: at,
  duration_ms: null,
  cost_micros: 0,
  input_tokens: 0,
  output_tokens: 0,
})

const over = (step: ChatStep, at: string, status: ChatStep["status"] = "succeeded"): ChatStep => ({
  ...step,
  status,
  duration_ms: Math.max(0, Date.parse(at) - Date.parse(step.started_at)),
})

const sum = (a: Spent, b: Spent): Spent => ({
  input_tokens: a.input_tokens + b.input_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cost_micros: a.cost_micros + b.cost_micros,
})
