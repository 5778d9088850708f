import { createContext, use, useCallback, useMemo, useState } from "react"
import type { BodyIn } from "#core/contract/endpoint"
import type { chatApi } from "#core/contract/chat"
import type { ChatId } from "#core/ids"
import { branchOf, placeKey, type Place } from "../model/tree.ts"
import { messageActs } from "../queries.ts"
import { useLive, useThisChat } from "../use-chat.ts"

/** A message of one's own that is on its way; it has an id once the server has taken it. */
type Sending = { key: string; content: string; id: string | null }

type Outgoing = Omit<BodyIn<typeof chatApi.send>, "parent_id">

type ThreadState = {
  branch: readonly Place[]
  sending: readonly Sending[]
  /** The answer whose steps are shown unless another is chosen. */
  lastAnswer: string | undefined
  acts: ReturnType<typeof messageActs>
  /** Shows another message in the place of those beside it. */
  choose: (id: string) => void
  /** Shows a message wherever it stands. */
  reveal: (id: string) => void
  /** Throws when it was not taken. */
  send: (message: Outgoing) => Promise<void>
  edit: (id: string, content: string) => Promise<void>
  retry: (id: string) => Promise<void>
}

/** Which branch of a chat is shown, and what one does on it. */
export function useThread(chatId: ChatId): ThreadState {
  const live = useThisChat()
  const said = useLive(live, (one) => one.said)
  const isWhole = useLive(live, (one) => !one.hasMore)
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const [sending, setSending] = useState<readonly Sending[]>([])
  const [through, setThrough] = useState<string>()
  const branch = useMemo(() => branchOf(said, chosen, isWhole, through), [said, chosen, isWhole, through])
  const acts = useMemo(() => messageActs(live, chatId), [live, chatId])
  const last = branch.at(-1)?.id
  /** The newest message of all: what follows it needs not say so. */
  const newest = useMemo(() => branchOf(said, new Map(), isWhole).at(-1)?.id, [said, isWhole])

  /** Whatever comes next in this place is what one wants to see. */
  const letGo = useCallback((parent: string | null) => {
    setChosen((before) => new Map([...before].filter(([key]) => key !== placeKey(parent))))
  }, [])

  const choose = useCallback(
    (id: string) => {
      const message = live.message(id)
      if (message) setChosen((before) => new Map(before).set(placeKey(message.parent_id), id))
    },
    [live],
  )

  const reveal = useCallback(
    (id: string) => {
      const way = new Map<string, string>()
      for (let at = live.message(id); at && !way.has(placeKey(at.parent_id));) {
        way.set(placeKey(at.parent_id), at.id)
        at = at.parent_id ? live.message(at.parent_id) : undefined
      }
      setThrough(id)
      setChosen((before) => new Map([...before, ...way]))
    },
    [live],
  )

  const send = useCallback(
    async (message: Outgoing) => {
      const key = crypto.randomUUID()
      setSending((before) => [...before, { key, content: message.content, id: null }])
      try {
        // What is shown apart from the end has no last word to answer.
        const isApart = live.hasNewer
        if (isApart) live.goToEnd()
        const parent = last !== undefined && last !== newest && !isApart ? { parent_id: last } : {}
        const { message_id: id } = await acts.send({ ...message, ...parent }, key)
        setSending((before) => before.map((one) => (one.key === key ? { ...one, id } : one)))
      } catch (error) {
        setSending((before) => before.filter((one) => one.key !== key))
        throw error
      }
    },
    [acts, last, newest, live],
  )

  const edit = useCallback(
    async (id: string, content: string) => {
      await acts.edit(id, content)
      letGo(live.message(id)?.parent_id ?? null)
    },
    [acts, live, letGo],
  )

  const retry = useCallback(
    async (id: string) => {
      const { message_id: next } = await acts.retry(id)
      letGo(live.message(next)?.parent_id ?? live.message(id)?.parent_id ?? null)
    },
    [acts, live, letGo],
  )

  const lastAnswer = branch.findLast(({ id }) => live.message(id)?.role === "assistant")?.id
  const onTheWay = sending.filter(({ id }) => id === null || live.message(id) === undefined)
  return { branch, sending: onTheWay, lastAnswer, acts, choose, reveal, send, edit, retry }
}

const ThreadContext = createContext<ThreadState | null>(null)
export const ThreadProvider = ThreadContext

export function useThisThread(): ThreadState {
  const thread = use(ThreadContext)
  if (!thread) throw new Error("No thread around")
  return thread
}
