import { useEffect } from "react"
import type { FlowDraft } from "#core/contract/flows"
import type { Finding } from "#core/flow/graph"
import { useStore } from "#web/state/jotai.ts"
import { later, useLater } from "#web/ui/later.tsx"
import { draftAtom, findingsAtom, serverFindingsAtom } from "./atoms.ts"
import type { Store } from "./commands/desk.ts"
import { foundByServer, stillFound, type ServerFindings } from "./model/server-findings.ts"

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

/** The rules bring the parsers of expressions and patterns along: the canvas is drawn without them. */
const rules = later(() => import("#core/flow/validate"))
export const fetchRules = rules.fetch

/** What the server found in the draft as it was opened, as long as that can be told without the rules. */
const foundBefore = (server: ServerFindings, draft: FlowDraft): readonly Finding[] =>
  sameGraph(server.of, draft)
    ? server.findings
    : stillFound(server, draft).filter((one) => one.node_id !== undefined)

/**
 * Keeps the findings true to the draft, by the same rules that the server applies at publication, and with what only it knows.
 * Until the rules have come, and where they do not, it is what the server found.
 */
export function useValidation(): void {
  const store = useStore()
  const { code } = useLater(rules)
  useEffect(() => {
    const stops = code ? keepValid(store, code.validateFlow) : keepFound(store)
    return () => stops.forEach((stop) => stop())
  }, [store, code])
}

function keepFound(store: Store): (() => void)[] {
  const show = () => store.set(findingsAtom, foundBefore(store.get(serverFindingsAtom), store.get(draftAtom)))
  show()
  return [store.sub(draftAtom, show), store.sub(serverFindingsAtom, show)]
}

function keepValid(store: Store, validateFlow: (draft: FlowDraft) => Finding[]): (() => void)[] {
  let validated: FlowDraft | null = null
  let own: readonly Finding[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let said: ServerFindings | null = null
  let theirs = store.get(serverFindingsAtom)
  const show = () => {
    const server = store.get(serverFindingsAtom)
    if (server !== said) theirs = foundByServer(server, validateFlow(server.of))
    said = server
    store.set(findingsAtom, [...own, ...stillFound(theirs, store.get(draftAtom))])
  }
  const validate = () => {
    timer = undefined
    const draft = store.get(draftAtom)
    if (validated && sameGraph(validated, draft)) return
    validated = draft
    own = validateFlow(draft)
    show()
  }
  validate()
  return [
    store.sub(draftAtom, () => {
      clearTimeout(timer)
      timer = setTimeout(validate, quietMs)
    }),
    store.sub(serverFindingsAtom, show),
    () => clearTimeout(timer),
  ]
}
