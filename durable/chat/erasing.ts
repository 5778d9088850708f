import { erasedWords } from "#core/privacy/erasure"
import type { MessageId } from "#core/ids"
import type { ChatStore } from "./store.ts"
import type { Thread } from "./thread.ts"

const mostAPage = 200

/**
 * Takes out what some people said in a chat of others, and the answers to it, which repeat it; the places of both stay, so that what
 * follows still follows something. Says how many messages; what is being answered is left for the next time.
 */
export function eraseWords(store: ChatStore, thread: Thread, authors: ReadonlySet<string>): number {
  const underWay = new Set(store.turns().map(({ message_id }) => message_id))
  const asked = new Set<MessageId>()
  let erased = 0
  thread.write(() => {
    for (const id of idsFromFirst(store)) {
      const message = thread.message(id)
      if (!message || underWay.has(id)) continue
      const isTheirs = message.role === "user" && authors.has(message.author)
      const isAnswer = message.parent_id !== null && asked.has(message.parent_id)
      if (isTheirs) asked.add(id)
      if (!(isTheirs || (isAnswer && message.role === "assistant"))) continue
      if (message.content === erasedWords && message.steps.length === 0) continue
      store.dropDetail(id)
      thread.keep({ ...message, content: erasedWords, steps: [], error: null })
      erased++
    }
  })
  return erased
}

function idsFromFirst(store: ChatStore): MessageId[] {
  const ids: MessageId[] = []
  for (let page = store.idsBefore(undefined, mostAPage); page.length > 0;) {
    ids.push(...page)
    page = store.idsBefore(page.at(-1), mostAPage)
  }
  return ids.toReversed()
}
