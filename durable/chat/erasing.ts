import { titleOf, untitled } from "#core/chat/title"
import { erasedWords } from "#core/privacy/erasure"
import type { ExecutionId, MessageId } from "#core/ids"
import type { ChatStore } from "./store.ts"
import type { Thread } from "./thread.ts"

const mostAPage = 200

/** `executions`: those of the answers that came after their words, each of which was told what had been said. */
export type Erased = { erased: number; executions: ExecutionId[] }

/**
 * Takes out what some people said in a chat of others, and the answers to it, which repeat it; the places of both stay, so that what
 * follows still follows something. Says how many messages; what is being answered is left for the next time.
 */
export function eraseWords(store: ChatStore, thread: Thread, authors: ReadonlySet<string>): Erased {
  const underWay = new Set(store.turns().map(({ message_id }) => message_id))
  const asked = new Set<MessageId>()
  /** Their messages, and everything that follows one. */
  const behind = new Set<MessageId>()
  const executions: ExecutionId[] = []
  let erased = 0
  thread.write(() => {
    for (const id of idsFromFirst(store)) {
      const message = thread.message(id)
      if (!message || underWay.has(id)) continue
      const isTheirs = message.role === "user" && authors.has(message.author)
      if (isTheirs || (message.parent_id !== null && behind.has(message.parent_id))) {
        behind.add(id)
        if (message.execution_id !== null) executions.push(message.execution_id)
      }
      const isAnswer = message.parent_id !== null && asked.has(message.parent_id)
      if (isTheirs) asked.add(id)
      if (!(isTheirs || (isAnswer && message.role === "assistant"))) continue
      if (message.content === erasedWords && message.steps.length === 0) continue
      if (isTheirs) untitle(store, thread, message.content)
      store.dropDetail(id)
      thread.keep({ ...message, content: erasedWords, steps: [], error: null })
      erased++
    }
  })
  return { erased, executions }
}

/** A chat that nobody gave a name bears that of its first words. */
function untitle(store: ChatStore, thread: Thread, content: string): void {
  const { title, updated_at } = store.session()
  if (title === titleOf(content)) thread.session({ title: untitled, updated_at }, true)
}

function idsFromFirst(store: ChatStore): MessageId[] {
  const ids: MessageId[] = []
  for (let page = store.idsBefore(undefined, mostAPage); page.length > 0;) {
    ids.push(...page)
    page = store.idsBefore(page.at(-1), mostAPage)
  }
  return ids.toReversed()
}
