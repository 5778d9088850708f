import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import type { Tool } from "#core/contract/tools"
import { queryKeys } from "#web/api/query-keys.ts"
import { makeTools, type Made } from "./making.ts"
import type { OfferRow } from "./offer.ts"
import type { Offers } from "./use-offers.ts"

/** Makes tools of what was chosen, and tells how far it has come and what was refused. */
export function useMaking(
  offers: Offers,
  make: (batch: readonly OfferRow[]) => Promise<readonly Tool[]>,
  onChanged: () => unknown,
) {
  const queries = useQueryClient()
  const [made, setMade] = useState<readonly Made[]>([])
  const [failure, setFailure] = useState<unknown>(null)
  const [refusedCount, setRefusedCount] = useState(0)
  const [progress, setProgress] = useState<number | null>(null)
  const [isOver, setOver] = useState(false)

  const begin = async () => {
    if (progress !== null || offers.chosen.length === 0) return
    // What is wrong with a name is said beside it before anything is sent.
    if (offers.faulty > 0) {
      offers.narrow({ text: "", tag: undefined, risk: undefined, state: "faulty" })
      return
    }
    setProgress(0)
    setFailure(null)
    const outcome = await makeTools(offers.chosen, make, setProgress)
    setProgress(null)
    setMade((before) => [...before, ...outcome.made])
    setFailure(outcome.failure)
    setRefusedCount(outcome.refused.size)
    const isWhole = outcome.failure === null && outcome.refused.size === 0
    setOver(isWhole)
    offers.hear(
      outcome.refused,
      outcome.made.map(({ key }) => key),
    )
    if (outcome.refused.size > 0)
      offers.narrow({ text: "", tag: undefined, risk: undefined, state: "faulty" })
    if (outcome.made.length === 0) return
    void queries.invalidateQueries({ queryKey: queryKeys.tools })
    // Names that are taken now are said so.
    void onChanged()
  }
  return {
    begin,
    made,
    failure,
    refusedCount,
    progress,
    isOver,
    more: () => {
      setOver(false)
      setMade([])
    },
  }
}

export type MakingState = ReturnType<typeof useMaking>
