import type { Approval } from "#core/contract/approvals"

/** What the inbox shows: what I may answer, all that is open, or what has ended. */
export type View = "mine" | "open" | "ended"
export type Ended = "answered" | "timed_out" | "withdrawn"

export type InboxSearch = {
  view?: View | undefined
  ended?: Ended | undefined
  flow_id?: string | undefined
}

export const views: readonly { value: View; label: string }[] = [
  { value: "mine", label: "For me" },
  { value: "open", label: "All open" },
  { value: "ended", label: "Answered" },
]

export const endings: readonly { value: Ended; label: string }[] = [
  { value: "answered", label: "Answered" },
  { value: "timed_out", label: "Timed out" },
  { value: "withdrawn", label: "Withdrawn" },
]

/** What is asked of the server for a view: what is due first on top, what has ended last on top. */
export function queryOf({ view = "mine", ended = "answered", flow_id }: InboxSearch) {
  const flow = flow_id ? { flow_id } : {}
  if (view === "ended") return { status: ended, sort: "-requested_at", ...flow }
  return {
    status: "open",
    sort: "due",
    ...(view === "mine" ? { mine: "true" as const } : {}),
    ...flow,
  } as const
}

type Person = { id: string; email: string }

/** Whether a question is for this person; one that names nobody is for everyone who may answer at all. */
export const isAsked = ({ assignees }: Pick<Approval, "assignees">, { id, email }: Person): boolean =>
  assignees.length === 0 ||
  assignees.some((one) => one === id || one.trim().toLowerCase() === email.toLowerCase())

/** What a button says; its id where the question no longer has it. */
export const sayButton = ({ buttons, button }: Pick<Approval, "buttons" | "button">): string =>
  buttons.find(({ id }) => id === button)?.label ?? button ?? ""

const soonMs = 3_600_000

/** Whether so little time is left that the list says it loudly. */
export const isDueSoon = (due: string | null, now: number): boolean =>
  due !== null && Date.parse(due) - now < soonMs
