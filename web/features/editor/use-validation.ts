import { useEffect } from "react"
import type { FlowDraft } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import { useStore } from "#web/state/jotai.ts"
import { draftAtom, findingsAtom, serverFindingsAtom } from "./atoms.ts"
import { stillFound } from "./model/server-findings.ts"

/** A burst of keys is validated once; the marks still follow the eye. */
const quietMs = 120

const sameGraph = (one: FlowDraft, other: FlowDraft): boolean =>
  one.edges === other.edges &&
  one.input_schema === other.input_schema &&
  one.output_schema === other.output_schema &&
  one.nodes.length === other.nodes.length &&
  one.settings === other.settings &&
  // A node that was only moved keeps its data.
  one.nodes.every((node, i) => {
    const was = other.nodes[i]
    return was && node.data === was.data && node.id === was.id && node.parent_id === was.parent_id
  })

/** Keeps the findings true to the draft, by the same rules that the server applies at publication, and with what only it knows. */
export function useValidation(): void {
  const store = useStore()
  useEffect(() => {
    let validated: FlowDraft | null = null
    let own: readonly Finding[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const validate = () => {
      timer = undefined
      const draft = store.get(draftAtom)
      if (validated && sameGraph(validated, draft)) return
      validated = draft
      own = validateFlow(draft)
      show()
    }
    const show = () => {
      const server = stillFound(store.get(serverFindingsAtom), store.get(draftAtom))
      store.set(findingsAtom, [...own, ...server])
    }
    validate()
    const stops = [
      store.sub(draftAtom, () => {
        clearTimeout(timer)
        timer = setTimeout(validate, quietMs)
      }),
      store.sub(serverFindingsAtom, show),
    ]
    return () => {
      for (const stop of stops) stop()
      clearTimeout(timer)
    }
  }, [store])
}
