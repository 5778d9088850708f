import { useQuery } from "@tanstack/react-query"
import { useEffect } from "react"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { draftAtom, fieldsAtom, liveStateAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { reviewsQuery, type Reviews } from "./queries.ts"

const quietMs = 150

/** Whether the open draft needs an approval, and where it stands; asked again once an edit is saved, for it may have made an approval stale. */
export function useReview(): { required: boolean; state: Reviews | undefined } {
  const { flowId } = useEditor()
  const store = useStore()
  const isRequired = useAtomValue(fieldsAtom).settings.requires_review === true
  const { data, refetch } = useQuery(reviewsQuery(flowId))
  const matters = data !== undefined && (data.required || data.review !== null)
  useEffect(() => {
    if (!matters) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      if (store.get(liveStateAtom).is === "saved") void refetch()
    }
    // A burst of edits is looked at once it has come to rest; nothing is rendered for each.
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(look, quietMs)
    }
    soon()
    const stops = [store.sub(draftAtom, soon), store.sub(liveStateAtom, soon)]
    return () => {
      for (const stop of stops) stop()
      clearTimeout(timer)
    }
  }, [store, matters, refetch])
  return {
    required: isRequired || (data?.required ?? false),
    state: data,
  }
}
