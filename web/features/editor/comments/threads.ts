import type { Comment, Thread } from "#core/canvas/comment"
import type { OperationOf } from "#core/canvas/operation"
import type { FlowPerson } from "#core/contract/canvas"
import { mentionsIn } from "./mentions.ts"

export type Shown = "open" | "resolved" | "mine"

const calls = (thread: Thread, me: string): boolean =>
  thread.comments.some(({ mentions }) => mentions.includes(me))

const lastOf = ({ comments }: Thread): string => comments.at(-1)?.at ?? ""

/** The threads of one view, about one node or all; those in which something was said last come first. */
export function threadsIn(
  threads: readonly Thread[],
  shown: Shown,
  node: string | null,
  me: string,
): Thread[] {
  return threads
    .filter((one) => {
      if (node !== null && one.node_id !== node) return false
      const isOpen = one.resolved_at === null
      return shown === "mine" ? isOpen && calls(one, me) : isOpen === (shown === "open")
    })
    .toSorted((one, other) => lastOf(other).localeCompare(lastOf(one)))
}

/** What this person has seen: of each thread, when its newest comment was written. */
export type Seen = Readonly<Record<string, string>>

/** Whether somebody else has written in it since it was seen. */
export const isUnread = (thread: Thread, seen: Seen, me: string): boolean =>
  thread.comments.some(({ by, at }) => by !== me && at > (seen[thread.id] ?? ""))

/** What is seen once these threads are. */
export const seenWith = (seen: Seen, threads: readonly Thread[]): Seen => ({
  ...seen,
  ...Object.fromEntries(threads.map((one) => [one.id, lastOf(one)])),
})

const newId = (kind: string): string => `${kind}_${crypto.randomUUID().replaceAll("-", "")}`

export type Author = { me: string; people: readonly FlowPerson[]; now: () => number }

/** What a person says, as operations of the canvas. The server writes its own word over who and when. */
export function remarksBy({ me, people, now }: Author) {
  const said = (text: string) => ({
    text,
    mentions: mentionsIn(text, people),
    by: me,
    at: new Date(now()).toISOString(),
  })
  return {
    begin: (about: OperationOf<"comment">["about"], text: string): OperationOf<"comment"> => ({
      type: "comment",
      thread: newId("thread"),
      id: newId("comment"),
      ...(about ? { about } : {}),
      ...said(text),
    }),
    reply: (thread: Thread, text: string): OperationOf<"comment"> => ({
      type: "comment",
      thread: thread.id,
      id: newId("comment"),
      ...said(text),
    }),
    reword: (thread: Thread, { id }: Comment, text: string): OperationOf<"reword"> => ({
      type: "reword",
      thread: thread.id,
      id,
      ...said(text),
    }),
    unsay: (thread: Thread, { id }: Comment): OperationOf<"reword"> => ({
      type: "reword",
      thread: thread.id,
      id,
      mentions: [],
      by: me,
      at: new Date(now()).toISOString(),
    }),
    resolve: (thread: Thread, resolved: boolean): OperationOf<"resolve"> => ({
      type: "resolve",
      thread: thread.id,
      resolved,
      by: me,
      at: new Date(now()).toISOString(),
    }),
  }
}
