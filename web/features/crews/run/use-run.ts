import { useMutation } from "@tanstack/react-query"
import { useState } from "react"
import type { CrewDraft } from "#core/crew/crew"
import type { Json } from "#core/json"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { useLiveExecution } from "#web/flow/use-live-execution.ts"
import { runCrew } from "../queries.ts"

export type Run = {
  live: LiveExecution | null
  /** The crew as it was when it was started: what is changed since says nothing of it. */
  crew: CrewDraft | null
  isStarting: boolean
  error: unknown
  start: (crew: CrewDraft, input: Json) => void
}

/** The run that is watched beside the crew. */
export function useRun(id: string): Run {
  const [crew, setCrew] = useState<CrewDraft | null>(null)
  const start = useMutation({ mutationFn: (input: Json) => runCrew(id, input) })
  const live = useLiveExecution(start.data?.execution_id ?? null)
  return {
    live,
    crew,
    isStarting: start.isPending,
    error: start.error,
    start: (draft, input) => {
      setCrew(draft)
      start.mutate(input)
    },
  }
}
