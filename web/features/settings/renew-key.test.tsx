import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { RenewKey } from "./renew-key.tsx"

function show(answer: () => Response) {
  const sent: string[] = []
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    sent.push(`${init.method} ${path}`)
    return answer()
  })
  render(
    <TooltipProvider>
      <RenewKey />
    </TooltipProvider>,
  )
  return sent
}
const ask = async () => {
  await userEvent.click(screen.getByRole("button", { name: "More about credentials" }))
  await userEvent.click(await screen.findByRole("menuitem", { name: /Renew the encryption key/ }))
}

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("asks first, and renews the key that secrets are encrypted with", async () => {
  const sent = show(() => Response.json({ secrets: 12 }))
  await ask()
  expect(sent).toEqual([])
  await userEvent.click(screen.getByRole("button", { name: "Renew key" }))
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull())
  expect(sent).toEqual(["POST /api/v1/secrets/rotate"])
})

it("says why it was refused, and stays", async () => {
  const problem = {
    type: "about:blank",
    title: "Too often",
    status: 429,
    code: "secrets.rotated_too_often",
    detail: "Wait an hour.",
    request_id: "r",
  }
  const sent = show(() =>
    Response.json(problem, { status: 429, headers: { "content-type": "application/problem+json" } }),
  )
  await ask()
  await userEvent.click(screen.getByRole("button", { name: "Renew key" }))
  expect(await screen.findByText(/Wait an hour/)).toBeTruthy()
  expect(screen.getByRole("alertdialog")).toBeTruthy()
  expect(sent).toHaveLength(1)
})
