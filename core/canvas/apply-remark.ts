import type { Applied } from "./applied.ts"
import type { Thread } from "./comment.ts"
import type { OperationOf } from "./operation.ts"

type Remark = OperationOf<"comment" | "reword" | "resolve">

/** What people say about a flow. It is not undone by the editor's undo: who wants a comment gone takes it away. */
export function applyRemark(threads: Map<string, Thread>, remark: Remark): Applied | undefined {
  const was = threads.get(remark.thread)
  const next = after(was, remark)
  if (next === undefined) return undefined
  if (next === null) threads.delete(remark.thread)
  else threads.set(remark.thread, next)
  return {
    inverse: undefined,
    revert: () => void (was ? threads.set(was.id, was) : threads.delete(remark.thread)),
  }
}

/** A thread after a remark; null when it is gone by it, undefined when nothing changes. */
function after(thread: Thread | undefined, remark: Remark): Thread | null | undefined {
  switch (remark.type) {
    case "comment": {
      const { id, by, at, text, mentions, about } = remark
      const comment = { id, by, at, text, mentions, edited_at: null }
      if (!thread) {
        if (!about) return undefined
        return { id: remark.thread, ...about, resolved_by: null, resolved_at: null, comments: [comment] }
      }
      if (thread.comments.some((one) => one.id === id)) return undefined
      return { ...thread, comments: [...thread.comments, comment] }
    }
    case "reword": {
      const { id, by, at, text, mentions } = remark
      const own = thread?.comments.find((one) => one.id === id && one.by === by)
      if (!thread || !own) return undefined
      if (text === undefined) {
        const comments = thread.comments.filter((one) => one !== own)
        return comments.length === 0 ? null : { ...thread, comments }
      }
      const anew = { ...own, text, mentions, edited_at: at }
      return { ...thread, comments: thread.comments.map((one) => (one === own ? anew : one)) }
    }
    case "resolve": {
      const { by, at, resolved } = remark
      if (!thread || (thread.resolved_at !== null) === resolved) return undefined
      return { ...thread, resolved_by: resolved ? by : null, resolved_at: resolved ? at : null }
    }
    default:
      return remark satisfies never
  }
}
