import { screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import { session } from "#web/state/session.ts"
import { approval, open, serve, type Reply } from "./test-approvals.tsx"

const asked = {
  status: "open",
  title: "Pay?",
  message: "**Now**, <b>please</b>",
  form_schema: {
    type: "object",
    properties: { why: { type: "string", title: "Reason" } },
    required: ["why"],
  },
  buttons: approval(1).buttons,
  due: null,
  answered_at: null,
  button: null,
  flow_name: "Invoices",
  tenant_name: "Northwind",
}
const token = "a".repeat(40)

afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

const link = (get: Reply, post: Reply = {}) =>
  serve((method, path) =>
    path === `/approvals/by-link/${token}` ? (method === "POST" ? post : get) : undefined,
  )

it("asks a stranger, checks the form, and thanks", async () => {
  const sent = link(
    { approval: asked },
    { approval: { ...asked, status: "answered", button: "pay", answered_at: new Date().toISOString() } },
  )
  open(`/approve/${token}`)
  await userEvent.click(await screen.findByRole("button", { name: "Pay" }))
  expect(screen.getByRole("alert").textContent).toBe("Fill this in")
  expect(screen.getByText("Now").tagName).toBe("STRONG")
  await userEvent.type(screen.getByLabelText("Reason"), "Agreed")
  await userEvent.click(screen.getByRole("button", { name: "Pay" }))
  expect(await screen.findByText(/Thank you/)).toBeTruthy()
  expect(sent.at(-1)?.body).toEqual({ button: "pay", form: { why: "Agreed" } })
  // One who is signed in answers as a stranger, too: nothing else was asked for.
  expect(sent.every(({ path }) => path === `/approvals/by-link/${token}`)).toBe(true)
})

it("keeps search engines away", async () => {
  link({ approval: asked })
  open(`/approve/${token}`)
  await screen.findByRole("heading", { level: 1 })
  expect(document.head.querySelector("meta[name=robots]")?.getAttribute("content")).toContain("noindex")
})

it("shows the answer where somebody has given it", async () => {
  link({ approval: { ...asked, status: "answered", button: "no", answered_at: new Date().toISOString() } })
  open(`/approve/${token}`)
  expect(await screen.findByText("Refuse")).toBeTruthy()
  expect(screen.queryByRole("button")).toBeNull()
})

it("says of a dead link that it is one, whatever it was", async () => {
  link({ refuse: 404, code: "approval.link_invalid", detail: "No." })
  open(`/approve/${token}`)
  expect(await screen.findByRole("heading", { level: 1, name: "This link is not valid" })).toBeTruthy()
  expect(screen.queryByRole("button")).toBeNull()
})

it("says why nobody can answer now where the workspace is suspended, and lets one look again", async () => {
  link({ refuse: 403, code: "tenant.suspended", detail: "It takes nothing for now." })
  open(`/approve/${token}`)
  expect(await screen.findByText("It takes nothing for now.")).toBeTruthy()
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("This tenant is suspended.")
  expect(screen.getByRole("button", { name: "Try again" })).toBeTruthy()
})

it("lets one try again where the server is at fault", async () => {
  link({ refuse: 500, code: "internal", detail: "Oh." })
  open(`/approve/${token}`)
  expect(await screen.findByRole("button", { name: "Try again" })).toBeTruthy()
})
