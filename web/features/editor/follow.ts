import { useEffect } from "react"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLiveExecution } from "#web/flow/use-live-execution.ts"

type FollowProps = { id: string; onLive: (live: LiveExecution | null) => void }

/** Reads an execution's journal for as long as it is there, and hands it on. */
export function Follow({ id, onLive }: FollowProps) {
  const live = useLiveExecution(id)
  useEffect(() => onLive(live), [live, onLive])
  return null
}
