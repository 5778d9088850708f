import { canvasFaults } from "#core/canvas/faults"
import type { Comment, Thread } from "#core/canvas/comment"
import type { OperationOf } from "#core/canvas/operation"
import { done, refused, type Outcome } from "#core/errors"
import type { Room } from "./room.ts"

export type Remark = OperationOf<"comment" | "reword" | "resolve">

/** What is said about a flow by those who do not have its canvas open. */
export class Remarks {
  private readonly room: () => Room
  private readonly flush: () => void

  constructor(room: () => Room, flush: () => void) {
    this.room = room
    this.flush = flush
  }

  say(remark: Remark, by: string): Outcome<Thread> {
    if (remark.type === "reword" && !this.comment(remark.thread, remark.id))
      return refused("flow.comment_not_found")
    const fault = this.room().take(remark, { client: 0, counter: 0, by }, true)
    if (fault?.code === "canvas.not_yours") return refused("access.denied", { detail: fault.message })
    if (fault) return refused("canvas.not_taken", { detail: fault.message, more: { fault: fault.code } })
    this.flush()
    const thread = this.room().canvas.threads.get(remark.thread)
    return thread ? done(thread) : refused("flow.thread_not_found")
  }

  /** Takes a comment away; of somebody else's, only without a name to ask for. */
  unsay(thread: string, id: string, by: string | undefined): Outcome<{ comment: Comment }> {
    const comment = this.comment(thread, id)
    if (!comment) return refused("flow.comment_not_found")
    if (by !== undefined && by !== comment.by)
      return refused("access.denied", { detail: canvasFaults["canvas.not_yours"] })
    // Everybody's copy takes a comment away in its writer's name; who really did it is in the audit log.
    const remark: Remark = { type: "reword", thread, id, mentions: [], by: "", at: "" }
    this.room().take(remark, { client: 0, counter: 0, by: comment.by }, true)
    this.flush()
    return done({ comment })
  }

  /** Takes away everything that some people said, also what is already taken away and only the log still knows. Says how much it was. */
  erase(authors: ReadonlySet<string>): number {
    const theirs = [...this.room().canvas.threads.values()].flatMap(({ id: thread, comments }) =>
      comments.filter(({ by }) => authors.has(by)).map(({ id }) => ({ thread, id })),
    )
    for (const { thread, id } of theirs) this.unsay(thread, id, undefined)
    this.room().forgetLog()
    return theirs.length
  }

  private comment(thread: string, id: string): Comment | undefined {
    return this.room()
      .canvas.threads.get(thread)
      ?.comments.find((one) => one.id === id)
  }
}
