import { act, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import { session as signedIn } from "#web/state/session.ts"
import {
  agentId,
  chatId,
  executionId,
  FakeServer,
  message,
  messageId,
  open,
  serveChat,
  step,
} from "./test-chats.tsx"

afterEach(() => {
  signedIn.end("left")
  sessionStorage.clear()
  vi.restoreAllMocks()
})

const here = `/chat/${chatId}`
const box = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Message to Research crew" })
const answers = () => screen.findAllByRole("article", { name: /^Answer of/ })
const posted = (server: FakeServer) => server.sent.filter(({ method }) => method !== "GET")

it("shows what was said, with what it has cost and how it came about", async () => {
  serveChat([
    message(1),
    message(2, { cost_micros: 1200, input_tokens: 900, output_tokens: 100, steps: [step("a"), step("b")] }),
  ])
  open(here)
  const [answer] = await answers()
  expect(answer!.textContent).toContain("Answer 2")
  expect(answer!.textContent).toContain("2 tool calls")
  expect(answer!.textContent).toContain("$0.0012")
  expect(answer!.textContent).toContain("1,000 tokens")
  expect(screen.getByRole("article", { name: "Message" }).textContent).toContain("Question 1")
})

it("sends with Enter, breaks the line with Shift and Enter, and shows the answer as it is written", async () => {
  const server = new FakeServer([])
  server.answer = (method) => (method === "POST" ? { message_id: messageId(1) } : undefined)
  open(here)
  await userEvent.type(await box(), "one{Shift>}{Enter}{/Shift}two{Enter}")
  expect(posted(server)).toEqual([
    { method: "POST", path: `/chat/sessions/${chatId}/messages`, body: { content: "one\ntwo" } },
  ])
  expect((await box()).value).toBe("")
  act(() => {
    server.say({ type: "message", message: message(1, { content: "one\ntwo" }) })
    server.say({
      type: "message",
      message: message(2, { content: "", status: "answering", finished_at: null }),
    })
    server.say({ type: "delta", message_id: messageId(2), text: "Tea is " })
    server.say({ type: "delta", message_id: messageId(2), text: "**cheap**" })
  })
  await waitFor(async () => expect((await answers())[0]!.querySelector("strong")?.textContent).toBe("cheap"))
  expect((await answers())[0]!.querySelector("[data-caret]")).not.toBeNull()
  act(() => server.say({ type: "message", message: message(2, { content: "Tea is **cheap**." }) }))
  await waitFor(async () => expect((await answers())[0]!.querySelector("[data-caret]")).toBeNull())
})

it("goes on after a cut line where it was: no word is missing, none comes twice", async () => {
  const server = new FakeServer([
    message(1),
    message(2, { content: "", status: "answering", finished_at: null }),
  ])
  open(here)
  await answers()
  await waitFor(() => expect(server.opened).toEqual([10]))
  act(() => server.say({ type: "delta", message_id: messageId(2), text: "one " }))
  await screen.findByText(/one/)
  act(() => server.cut())
  expect(await screen.findByText(/The connection was lost/)).toBeTruthy()
  act(() => server.say({ type: "delta", message_id: messageId(2), text: "two" }))
  await waitFor(async () => expect((await answers())[0]!.textContent).toContain("one two"))
  expect(server.opened).toEqual([10, 11])
})

it("takes back what was streamed when the answer begins anew", async () => {
  const server = new FakeServer([
    message(1),
    message(2, { content: "Wrong", status: "answering", finished_at: null }),
  ])
  open(here)
  await screen.findByText("Wrong")
  await waitFor(() => expect(server.opened).toHaveLength(1))
  act(() => {
    server.say({ type: "reset", message_id: messageId(2) })
    server.say({ type: "delta", message_id: messageId(2), text: "Right" })
  })
  await screen.findByText("Right")
  expect(screen.queryByText("Wrong")).toBeNull()
})

it("puts what was not taken back where it was typed, and says why", async () => {
  const server = new FakeServer([message(1), message(2)])
  server.answer = (method) =>
    method === "POST" ? { refuse: 503, code: "storage.busy", detail: "Too much at once." } : undefined
  open(here)
  await userEvent.type(await box(), "dear words{Enter}")
  expect((await screen.findByRole("alert")).textContent).toContain("Too much at once.")
  expect((await box()).value).toBe("dear words")
})

it("keeps what is typed for this chat, and forgets it when it was sent", async () => {
  const server = new FakeServer([message(1), message(2)])
  server.answer = (method) => (method === "POST" ? { message_id: messageId(3) } : undefined)
  open(here)
  await userEvent.type(await box(), "half a thou")
  expect(sessionStorage.getItem(`edgecrew.draft.${chatId}`)).toBe("half a thou")
  await userEvent.type(await box(), "ght{Enter}")
  await waitFor(() => expect(sessionStorage.getItem(`edgecrew.draft.${chatId}`)).toBeNull())
})

it("addresses one member of a crew", async () => {
  const server = new FakeServer([])
  server.answer = (method) => (method === "POST" ? { message_id: messageId(1) } : undefined)
  open(here)
  await userEvent.click(await screen.findByRole("button", { name: "To: Everyone" }))
  await userEvent.click(await screen.findByRole("menuitemcheckbox", { name: /Mo/ }))
  await userEvent.type(await box(), "you alone{Enter}")
  expect(posted(server)[0]!.body).toEqual({ content: "you alone", to_agent_id: agentId(1) })
})

it("walks between branches, writes a message anew beside the old one, and answers in the branch that is shown", async () => {
  const server = new FakeServer([
    message(1),
    message(2, { content: "First answer" }),
    message(4, { parent_id: messageId(1), content: "Second answer" }),
  ])
  server.answer = (method, path) =>
    method === "POST" ? { message_id: messageId(path.endsWith("/edit") ? 5 : 7) } : undefined
  open(here)
  await screen.findByText("Second answer")
  expect(screen.getByRole("group", { name: "Branches" }).textContent).toBe("2/2")
  await userEvent.click(screen.getByRole("button", { name: "Branch before" }))
  await screen.findByText("First answer")
  await userEvent.type(await box(), "on the old one{Enter}")
  expect(posted(server)[0]!.body).toEqual({ content: "on the old one", parent_id: messageId(2) })

  await userEvent.click(screen.getByRole("button", { name: "Edit" }))
  const editor = within(screen.getByRole("form", { name: "Edit message" })).getByRole("textbox")
  await userEvent.clear(editor)
  await userEvent.type(editor, "Better question{Enter}")
  expect(posted(server)[1]).toEqual({
    method: "POST",
    path: `/chat/sessions/${chatId}/messages/${messageId(1)}/edit`,
    body: { content: "Better question" },
  })
  act(() =>
    server.say({ type: "message", message: message(5, { parent_id: null, content: "Better question" }) }),
  )
  await screen.findByText("Better question")
  expect(screen.getByRole("group", { name: "Branches" }).textContent).toBe("2/2")
})

it("answers what the partner asks where it is asked", async () => {
  const approvalId = `appr_${messageId(1).slice(4)}`
  const waiting = step("q", {
    type: "approval",
    status: "waiting",
    approval_id: approvalId,
    title: "Publish?",
  })
  const server = new FakeServer([message(1), message(2, { status: "waiting", steps: [waiting] })], {
    status: "waiting",
  })
  const question = {
    id: approvalId,
    title: "Publish?",
    message: null,
    form_schema: null,
    buttons: [{ id: "yes", label: "Publish it" }],
    assignees: [],
    status: "open",
    due: null,
  }
  server.answer = (method, path) => {
    if (path !== `/executions/${executionId}/approvals/${approvalId}`) return undefined
    if (method === "POST") question.status = "answered"
    return { approval: question }
  }
  open(here)
  await userEvent.click(await screen.findByRole("button", { name: "Publish it" }))
  expect(posted(server)[0]!.body).toEqual({ button: "yes" })
  await screen.findByText("Answered.")
})

it("shows what happened on the way as a tree, with arguments and results", async () => {
  serveChat([
    message(1),
    message(2, {
      steps: [
        step("d", { type: "delegation", by: "manager", title: "Delegated to writer", detail: "Write it" }),
        step("t", {
          parent: "d",
          title: "http_get",
          detail: { url: "https://a.example" },
          result: { ok: true },
        }),
      ],
    }),
  ])
  open(here)
  await userEvent.click(await screen.findByRole("button", { name: /1 delegation, 1 tool call/ }))
  const panel = await screen.findByRole("complementary", { name: "How this answer came about" })
  const inside = within(panel).getByRole("list", { name: "Inside Delegated to writer" })
  await userEvent.click(within(inside).getByRole("button", { name: /http_get/ }))
  expect(inside.textContent).toContain("https://a.example")
  expect(inside.textContent).toContain("ok")
})

it("stops the answer under way, and takes no message meanwhile where that is the setting", async () => {
  const server = new FakeServer([message(1), message(2, { status: "answering", finished_at: null })], {
    status: "busy",
    settings: { busy: "refuse" },
  })
  server.answer = (_, path) =>
    path.endsWith("/stop") ? { session: { ...server.session, status: "idle" } } : undefined
  open(here)
  await userEvent.type(await box(), "now{Enter}")
  expect(posted(server)).toEqual([])
  await userEvent.click(screen.getByRole("button", { name: "Stop the answer" }))
  await waitFor(() => expect(screen.queryByRole("button", { name: "Stop the answer" })).toBeNull())
  expect((await box()).value).toBe("now")
})

it("rates at once, and takes it back when the server does not keep it", async () => {
  const server = new FakeServer([message(1), message(2)])
  server.answer = (method) =>
    method === "PUT" ? { refuse: 403, code: "access.denied", detail: "No." } : undefined
  open(here)
  const good = await screen.findByRole("button", { name: "Good answer" })
  await userEvent.click(good)
  await waitFor(() => expect(good.getAttribute("aria-pressed")).toBe("false"))
  expect(posted(server)[0]!.body).toEqual({ feedback: "up" })
})

it("says that there is no such chat", async () => {
  const server = new FakeServer([])
  server.answer = (_, path) =>
    path.startsWith(`/chat/sessions/${chatId}`)
      ? { refuse: 404, code: "chat.not_found", detail: "There is no such chat." }
      : undefined
  open(here)
  expect(await screen.findByRole("heading", { name: "There is no such chat" })).toBeTruthy()
})

it("makes only what is in view of a long chat", async () => {
  serveChat(Array.from({ length: 100 }, (_, i) => message(i + 1)))
  open(here)
  await answers()
  expect(document.querySelectorAll("[role=log] article").length).toBeLessThan(40)
})

it("shows a shared chat to whoever has the address, as words", async () => {
  const server = new FakeServer([])
  server.answer = (_, path) =>
    path.startsWith("/shared-chats/")
      ? {
          title: "Prices",
          partner: "Research crew",
          messages: [message(1), message(2, { content: "<img src=x onerror=alert(1)> **yes**" })],
          has_more: false,
        }
      : undefined
  open(`/shared-chats/${"a".repeat(40)}`)
  expect(await screen.findByRole("heading", { level: 1, name: "Prices" })).toBeTruthy()
  expect(screen.getByText("yes").tagName).toBe("STRONG")
  expect(document.querySelector("img")).toBeNull()
  expect(screen.queryByRole("textbox")).toBeNull()
})
