import { act, fireEvent, screen, within } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import type { NewEvent } from "#core/execution/event"
import { asked, begun, gave, invoices, opened, started } from "../test-flows.ts"
import { me, showIn } from "../test-watch.tsx"
import { Inspector } from "./inspector.tsx"

afterEach(() => vi.unstubAllGlobals())

const show = (events: NewEvent[], options: Partial<Parameters<typeof showIn>[1]> = {}) =>
  showIn(<Inspector />, { graph: invoices, events: [...begun, ...events], ...options })

const tab = async (name: RegExp) => {
  fireEvent.mouseDown(screen.getByRole("tab", { name }))
  await vi.waitFor(
    () => expect(screen.getByRole("tab", { name }).getAttribute("aria-selected")).toBe("true"),
    { timeout: 10_000 },
  )
}

it("answers an approval in place, and says who did when the journal does", async () => {
  const { sent, say } = await show(asked())
  expect(screen.getByRole("tab", { name: /Waiting/ }).getAttribute("aria-selected")).toBe("true")
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Send them" })))
  expect(sent.at(-1)).toMatchObject({
    method: "POST",
    path: expect.stringMatching(/\/executions\/exec_\w+\/approvals\/appr_\w+$/),
    body: { button: "yes" },
  })
  await say({
    type: "approval.answered",
    node_id: "ask",
    attempt: 1,
    data: { approval_id: "appr_01JD0000000000000000000001", button: "yes", actor: me.user.id },
  })
  expect(screen.getByText(/You answered/)).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Send them" })).toBeNull()
})

it("shows a question to those who may not answer, and whom it is asked of", async () => {
  await show(asked(["bo@example.com"]))
  expect(screen.getByText("This is asked of bo@example.com.")).toBeTruthy()
  expect(screen.queryByRole("button", { name: "Send them" })).toBeNull()
})

it("lets a person say what became of a step that was cut off", async () => {
  const { sent } = await show(
    [
      ...opened("a"),
      started("send", "each[0]"),
      {
        type: "node.interrupted",
        node_id: "send",
        scope: "each[0]",
        attempt: 1,
        data: { error: { code: "step.interrupted", message: "The server stopped" } },
      },
    ],
    { search: "?node=send&scope=each%5B0%5D" },
  )
  expect(screen.getByRole("tab", { name: "Resolve" }).getAttribute("aria-selected")).toBe("true")
  fireEvent.click(screen.getByLabelText(/It has succeeded/))
  fireEvent.change(screen.getByRole("textbox", { name: /^Output/ }), { target: { value: '{"ok": true' } })
  expect(screen.getByRole("button", { name: "Go on with this output" })).toHaveProperty("disabled", true)
  fireEvent.change(screen.getByRole("textbox", { name: /^Output/ }), { target: { value: '{"ok": true}' } })
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Go on with this output" })))
  expect(sent.at(-1)!.body).toEqual({ step: "each[0]/send", action: "succeed", output: { ok: true } })
})

it("lists a node's iterations, and opens the one that is chosen", async () => {
  const { search } = await show(
    [
      ...opened("a", "b"),
      started("draft", "each[0]"),
      gave("draft", "each[0]", "Dear Ana"),
      started("draft", "each[1]"),
    ],
    { search: "?node=draft" },
  )
  expect(screen.getByText(/1 running, 1 done/)).toBeTruthy()
  const list = screen.getByRole("listbox", { name: "Iterations of Write a reply" })
  fireEvent.keyDown(list, { key: "j" })
  await vi.waitFor(() => expect(search()).toMatchObject({ node: "draft", scope: "each[0]" }), {
    timeout: 10_000,
  })
  expect(await screen.findByText("Dear Ana")).toBeTruthy()
  expect(screen.getByText("Item 1")).toBeTruthy()
})

it("shows one iteration as a whole: its item, and what it came to", async () => {
  await show(
    [
      ...opened("first letter", "second letter"),
      { type: "scope.closed", node_id: "each", attempt: 1, data: { path: "each[1]", output: "posted" } },
    ],
    { search: "?scope=each%5B1%5D" },
  )
  expect(screen.getByRole("heading", { name: /Each invoice.*Item 2/ })).toBeTruthy()
  expect(screen.getByText("posted")).toBeTruthy()
  await tab(/Input/)
  expect(screen.getByText("second letter")).toBeTruthy()
})

it("tells each attempt with its error, what was sent, and how long the next one waited", async () => {
  const place = { node_id: "send", scope: "each[0]" }
  const error = { code: "http.status", message: "It answered 503" }
  await show(
    [
      ...opened("a"),
      started("send", "each[0]"),
      {
        type: "http.started",
        ...place,
        attempt: 1,
        data: { method: "POST", url: "https://mail.example/send", idempotency_key: "exec:each[0]:send:1" },
      },
      { type: "http.finished", ...place, attempt: 1, data: { status: 503, latency_ms: 12 } },
      { type: "node.retrying", ...place, attempt: 1, data: { error, due: "2026-11-21T09:00:00.000Z" } },
      started("send", "each[0]", 2),
      { type: "node.failed", ...place, attempt: 2, data: { error, handles: [] } },
    ],
    { search: "?node=send&scope=each%5B0%5D" },
  )
  await tab(/Attempts/)
  const [first, second] = screen.getAllByRole("listitem")
  expect(first!.textContent).toMatch(/Attempt 1Failed, tried again.*It answered 503.*Waited 1 ms/)
  expect(second!.textContent).toMatch(/Attempt 2Failed/)
  await tab(/HTTP/)
  const part = within(screen.getByRole("region", { name: "Attempt 1" }))
  expect(part.getByText("503")).toBeTruthy()
  expect(part.getByText("exec:each[0]:send:1")).toBeTruthy()
})

it("filters the journal by kind, and leads from an entry to its step", async () => {
  const { search } = await show([...opened("a"), started("draft", "each[0]")], { search: "?tab=events" })
  const events = screen.getByRole("table", { name: "Events" })
  expect(events.getAttribute("aria-rowcount")).toBe("7")
  fireEvent.click(within(events).getByRole("button", { name: /Write a reply/ }))
  await vi.waitFor(() => expect(search()).toMatchObject({ node: "draft", scope: "each[0]" }), {
    timeout: 10_000,
  })
})
