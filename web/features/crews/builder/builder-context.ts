import { createContext, use } from "react"
import type { Finding } from "#core/flow/graph"
import type { CrewDraft } from "#core/crew/crew"
import type { Faults } from "#web/agent/use-draft.ts"

/** What is open beside the drawing; the address names it, such as `member:writer`. */
export type Open =
  | { is: "crew" }
  | { is: "member"; id: string }
  | { is: "task"; id: string }
  | { is: "edge"; from: string; to: string }

export type AgentWords = { name: string; role: string; isGone: boolean }

export type Builder = {
  crew: CrewDraft
  set: (patch: Partial<CrewDraft>) => void
  faults: Faults
  findings: readonly Finding[]
  agentOf: (id: string) => AgentWords | undefined
  mayEdit: boolean
  open: Open
  onOpen: (open: Open) => void
}

const BuilderContext = createContext<Builder | null>(null)
export const BuilderProvider = BuilderContext

export function useBuilder(): Builder {
  const builder = use(BuilderContext)
  if (!builder) throw new Error("There is no crew to build here.")
  return builder
}

export function sayOpen(open: Open): string | undefined {
  if (open.is === "crew") return undefined
  return open.is === "edge" ? `edge:${open.from}:${open.to}` : `${open.is}:${open.id}`
}

/** What the address names, where the crew still has it. */
export function readOpen(text: string | undefined, crew: CrewDraft): Open {
  const [is, id = "", to = ""] = (text ?? "").split(":")
  const has = (position: string) => crew.agents.some((one) => one.position === position)
  if (is === "member" && has(id)) return { is, id }
  if (is === "task" && crew.tasks.some((task) => task.id === id)) return { is, id }
  if (is === "edge" && has(id) && has(to)) return { is, from: id, to }
  return { is: "crew" }
}

/** The worst that is found at a member or task. */
export function severityAt(findings: readonly Finding[], id: string): Finding["severity"] | undefined {
  const here = findings.filter((one) => one.node_id === id)
  return here.some((one) => one.severity === "error") ? "error" : here[0]?.severity
}

/** What is said beside a field: what the server refused, else what is found there. */
export function wordsAt(
  { findings }: Pick<Builder, "findings">,
  node: string | undefined,
  field: string,
): string | undefined {
  return findings.find(
    (one) =>
      one.node_id === node &&
      one.path !== undefined &&
      (one.path === field || one.path.startsWith(`${field}.`)),
  )?.message
}
