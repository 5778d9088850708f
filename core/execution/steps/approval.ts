import { resolveFields, resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { ApprovalData } from "#core/flow/kinds/approval"
import { asText, type JsonObject } from "#core/json"

/** What is asked of a person, with every expression resolved. */
export type ApprovalStep = {
  title: string
  message: string | undefined
  form_schema: JsonObject | undefined
  buttons: { id: string; label: string }[]
  assignees: string[]
  /** Whoever started the execution may not answer, unless nobody else can. */
  by_others: boolean
  /** When the timeout route is taken, in ms since 1970. */
  due: number | undefined
}

export async function approvalStep(node: FlowNode, scope: Scope, now: number): Promise<ApprovalStep> {
  const data = ApprovalData.parse(node.data)
  const assignees = await resolveFields(data.assignees ?? [], scope)
  return {
    title: asText(await resolveTemplate(data.title, scope)).slice(0, 2_000),
    message: data.message === undefined ? undefined : asText(await resolveTemplate(data.message, scope)),
    form_schema: data.form_schema,
    buttons: data.buttons,
    // An expression may come to a list of people.
    assignees: Array.isArray(assignees)
      ? assignees.flat().flatMap((one) => (typeof one === "string" && one.trim() !== "" ? [nameOf(one)] : []))
      : [],
    by_others: data.by_others ?? false,
    due: data.timeout_seconds === undefined ? undefined : now + data.timeout_seconds * 1000,
  }
}

/** Addresses are kept in small letters, ids as they are. */
const nameOf = (written: string): string =>
  written.includes("@") ? written.trim().toLowerCase() : written.trim()
