import * as z from "zod"

export const ReportKind = z.enum(["soc2", "iso27001", "gdpr"])
export type ReportKind = z.infer<typeof ReportKind>

/**
 * `shown`: the data of this workspace shows it. `partly`: it shows some of it, and says what is missing. `not_shown`: the data says
 * nothing of it, or the contrary; somebody must show it by other means.
 */
export const ControlState = z.enum(["shown", "partly", "not_shown"])
export type ControlState = z.infer<typeof ControlState>

/** One thing that a framework asks for, and what the data says to it. */
export const Control = z
  .object({
    id: z.string().meta({ example: "CC6.1" }),
    title: z.string(),
    state: ControlState,
    /** Sentences, each with figures of this moment. */
    evidence: z.array(z.string()),
    /** What is missing for more than this state. */
    missing: z.array(z.string()),
  })
  .meta({ id: "EvidenceControl" })
export type Control = z.infer<typeof Control>

export const Report = z
  .object({
    format: z.literal("edgecrew.evidence.v1"),
    report: ReportKind,
    title: z.string(),
    workspace: z.object({ id: z.string(), name: z.string(), slug: z.string() }),
    generated_at: z.string(),
    generated_by: z.string(),
    /** How far the report looks back where it counts what happened. */
    since: z.string(),
    controls: z.array(Control),
    /** What such a report cannot say. */
    limits: z.array(z.string()),
  })
  .meta({ id: "EvidenceReport" })
export type Report = z.infer<typeof Report>

/** A control of a template: what to look at, and what must hold for it. */
export type Question<F> = {
  id: string
  title: string
  /** Each adds a sentence of evidence, or says what is missing. */
  looks: readonly ((facts: F) => Finding)[]
}

/** `says` is evidence; `lacks` is what keeps the control from being shown. Both: it is shown in part. */
export type Finding = { says?: string; lacks?: string }

/** What the facts say to a question. Nothing that lacks and something that says: shown. */
export function answered<F>({ id, title, looks }: Question<F>, facts: F): Control {
  const findings = looks.map((look) => look(facts))
  const evidence = findings.flatMap(({ says }) => says ?? [])
  const missing = findings.flatMap(({ lacks }) => lacks ?? [])
  const state = evidence.length === 0 ? "not_shown" : missing.length === 0 ? "shown" : "partly"
  return { id, title, state, evidence, missing }
}
