import { screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import type { Approval } from "#core/contract/approvals"
import { session } from "#web/state/session.ts"
import { approval, me, open, serve, type Reply } from "./test-approvals.tsx"

afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

const listOf = (rows: readonly Approval[]) => ({
  approvals: rows,
  total: rows.length,
  page_info: { page: 1, limit: 100, has_next: false, has_prev: false },
})

/** An inbox of these questions; an answer is what `answer` makes of it. */
function inbox(rows: Approval[], answer: (one: Approval, body: unknown) => Reply = () => ({})) {
  return serve((method, path, body) => {
    if (path.startsWith("/approvals?")) {
      const isEnded = path.includes("status=answered")
      return listOf(rows.filter(({ status }) => (status === "answered") === isEnded))
    }
    const one = rows.find(({ id }) => path.endsWith(id))
    if (!one) return undefined
    return method === "POST" ? answer(one, body) : { approval: one }
  })
}

const question = () => screen.findByRole("region", { name: "Question" })

it("opens the first question, and answers it with its button", async () => {
  const rows = [approval(1), approval(2)]
  const sent = inbox(rows, (one) => {
    Object.assign(one, { status: "answered", button: "no", answered_by: me.user.id })
    return { approval: one }
  })
  open("/approvals")
  await userEvent.click(await screen.findByRole("button", { name: "Refuse" }))
  expect(sent.find(({ method }) => method === "POST")).toEqual({
    method: "POST",
    path: `/executions/${rows[0]!.execution_id}/approvals/${rows[0]!.id}`,
    body: { button: "no" },
  })
  await waitFor(async () => expect((await question()).textContent).toContain("You answered"))
  // The answered one leaves the list and stays in view.
  await waitFor(() => expect(screen.queryByRole("row", { name: "Pay invoice 1?" })).toBeNull())
  expect(within(await question()).getByRole("heading", { level: 2 }).textContent).toBe("Pay invoice 1?")
})

it("walks by j and k, and answers by a digit and Enter, never by the digit alone", async () => {
  const sent = inbox([approval(1), approval(2)], (one) => ({
    approval: { ...one, status: "answered", button: "pay" },
  }))
  open("/approvals")
  await screen.findByRole("heading", { name: "Pay invoice 1?" })
  await userEvent.keyboard("j")
  await screen.findByRole("heading", { name: "Pay invoice 2?" })
  await userEvent.keyboard("k")
  await screen.findByRole("heading", { name: "Pay invoice 1?" })
  await userEvent.keyboard("j")
  await screen.findByRole("heading", { name: "Pay invoice 2?" })
  await userEvent.keyboard("1")
  expect(screen.getByText(/answers “Pay”/)).toBeTruthy()
  expect(sent.some(({ method }) => method === "POST")).toBe(false)
  await userEvent.keyboard("{Enter}")
  await waitFor(() => expect(sent.find(({ method }) => method === "POST")?.body).toEqual({ button: "pay" }))
})

it("says who was quicker, and what they said", async () => {
  const sent = inbox([approval(1)], (one) => {
    Object.assign(one, { status: "answered", button: "pay", answered_by: `user_${"9".repeat(26)}` })
    return { refuse: 409, code: "approval.answered", detail: "Somebody has answered this already." }
  })
  open("/approvals")
  await userEvent.click(await screen.findByRole("button", { name: "Refuse" }))
  expect((await screen.findByRole("alert")).textContent).toBe(
    "Member …9999 was quicker: your answer was not taken.",
  )
  expect(screen.getByRole("status").textContent).toContain("Pay")
  expect(sent.filter(({ method }) => method === "POST")).toHaveLength(1)
})

it("offers no button to whom it does not ask", async () => {
  inbox([approval(1, { assignees: ["bo@example.com"] })])
  open("/approvals?view=open")
  expect(await screen.findByText("This is asked of bo@example.com.")).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Pay" })).toBeNull()
})

it("shows what was filled in, in the words of the form", async () => {
  const form_schema = { type: "object", properties: { why: { type: "string", title: "Reason" } } }
  inbox([
    approval(1, {
      status: "answered",
      button: "pay",
      answered_by: "link",
      form_schema,
      form: { why: "Agreed", extra: 1 },
    }),
  ])
  open("/approvals?view=ended")
  const pane = await question()
  await waitFor(() => expect(pane.textContent).toContain("Somebody with a signed link answered"))
  expect(screen.getByText("Reason").nextSibling?.textContent).toBe("Agreed")
  expect(screen.getByText("extra").nextSibling?.textContent).toBe("1")
})

it("says that nothing waits, and where to look", async () => {
  inbox([])
  open("/approvals")
  await userEvent.click(await screen.findByRole("button", { name: "See what others are asked" }))
  expect(await screen.findByText("No execution waits for anybody")).toBeTruthy()
})
