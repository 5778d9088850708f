import { useEffect, useMemo, useState } from "react"
import type { CrewDraft } from "#core/crew/crew"
import type { Finding } from "#core/flow/graph"

type Validate = (crew: CrewDraft) => Finding[]

/** What keeps the crew from working, found here as one types, by the same code as on the server. */
export function useFindings(crew: CrewDraft, said: readonly Finding[]): readonly Finding[] {
  const [validate, setValidate] = useState<{ by: Validate } | null>(null)
  useEffect(() => {
    let isHere = true
    // Expressions and patterns are checked by code that is larger than the page: it comes after it.
    void import("#core/crew/validate").then(({ validateCrew }) => {
      if (isHere) setValidate({ by: validateCrew })
    })
    return () => {
      isHere = false
    }
  }, [])
  return useMemo(() => (validate ? validate.by(crew) : said), [validate, crew, said])
}
