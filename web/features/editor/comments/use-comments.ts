import { useQuery } from "@tanstack/react-query"
import { useMemo } from "react"
import type { Comment, Thread } from "#core/canvas/comment"
import type { FlowPerson } from "#core/contract/canvas"
import { useCan, useMe } from "#web/api/me.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { toast } from "#web/ui/toast.tsx"
import { othersAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { peopleQuery, unsayFor } from "../panel/queries.ts"
import { remarksBy } from "./threads.ts"

const none: readonly FlowPerson[] = []

/** Who is who in the comments of the open flow, and what this person can do to them. */
export function useComments() {
  const { flowId, live, mayEdit } = useEditor()
  const { user } = useMe()
  const mayModerate = useCan("flow.moderate")
  const people = useQuery(peopleQuery(flowId)).data ?? none
  const others = useAtomValue(othersAtom)
  const names = useMemo(
    () => new Map<string, string>([...others, ...people].map(({ id, name }) => [id, name])),
    [others, people],
  )
  const remarks = useMemo(() => remarksBy({ me: user.id, people, now: Date.now }), [user.id, people])
  const takeAway = async (thread: Thread, comment: Comment): Promise<void> => {
    if (comment.by !== user.id) return unsayFor(flowId, thread.id, comment.id)
    const fault = live.tell(remarks.unsay(thread, comment))
    if (fault !== undefined) throw new Error(fault)
  }
  return {
    me: user.id,
    people,
    remarks,
    mayComment: mayEdit,
    mayTakeAway: ({ by }: Comment) => mayEdit && (by === user.id || mayModerate),
    nameOf: (by: string): string =>
      names.get(by) ??
      (by === user.id ? user.name || user.email : by.startsWith("key_") ? "API key" : "Somebody who left"),
    tell: live.tell.bind(live),
    takeAway,
    resolve: (thread: Thread, resolved: boolean) => {
      const fault = live.tell(remarks.resolve(thread, resolved))
      if (fault !== undefined) toast.failed("", fault)
    },
  }
}

export type Comments = ReturnType<typeof useComments>
