import { useEffect } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { validateFlow } from "#core/flow/validate"
import { useStore } from "#web/state/jotai.ts"
import { draftAtom, findingsAtom } from "./atoms.ts"

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

/** Keeps the findings true to the draft, by the same rules that the server applies at publication. */
export function useValidation(): void {
  const store = useStore()
  useEffect(() => {
    let validated: FlowDraft | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    const validate = () => {
      timer = undefined
      const draft = store.get(draftAtom)
      if (validated && sameGraph(validated, draft)) return
      validated = draft
      store.set(findingsAtom, validateFlow(draft))
    }
    validate()
    const stop = store.sub(draftAtom, () => {
      clearTimeout(timer)
      timer = setTimeout(validate, quietMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store])
}
