import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { Credential } from "#core/contract/credentials"
import { session } from "#web/state/session.ts"
import { CredentialDialog } from "./credential-dialog.tsx"

const stored = Credential.parse({
  id: "cred_01JD0000000000000000000000",
  name: "Shop",
  kind: "header",
  config: { header: "X-Api-Key" },
  secret: { set: true, hint: "…cdef" },
  allowed_hosts: ["api.example.com", "*.example.org"],
  is_active: true,
  version: 3,
  created_at: "2026-11-21T09:30:00.000Z",
  updated_at: "2026-11-21T09:30:00.000Z",
})
const flow = { id: "flow_01JD0000000000000000000000", name: "Asks the shop" }

type Sent = { method: string; path: string; body: Record<string, unknown>; ifMatch: string | null }

/** A server that keeps what it is sent, and wants the secret again for a host that it does not know. */
function serve(): Sent[] {
  const sent: Sent[] = []
  vi.stubGlobal("fetch", async (path: string, init: RequestInit & { body?: string }) => {
    if (init.method === "GET" || init.method === undefined)
      return Response.json({ credential: stored, used_by: [flow] }, { headers: { etag: '"v3"' } })
    const body: Record<string, unknown> = JSON.parse(init.body ?? "{}")
    sent.push({ method: init.method, path, body, ifMatch: new Headers(init.headers).get("if-match") })
    const hosts = body["allowed_hosts"] as string[]
    if (body["secret"] === undefined && hosts.includes("evil.example.net")) {
      const errors = [{ path: "secret", message: "Enter the secret again" }]
      const problem = {
        type: "about:blank",
        title: "Invalid",
        detail: "The request has fields that are wrong.",
        status: 400,
        code: "request.invalid",
        request_id: "req_1",
        errors,
      }
      return Response.json(problem, { status: 400 })
    }
    return Response.json({ credential: stored }, { status: init.method === "POST" ? 201 : 200 })
  })
  return sent
}

function show(credential: Credential | null) {
  const onClose = vi.fn()
  const root = createRootRoute()
  const home = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: () => <CredentialDialog credential={credential} onClose={onClose} />,
  })
  const router = createRouter({
    routeTree: root.addChildren([home]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
  return onClose
}

const press = async (name: string) => userEvent.click(await screen.findByRole("button", { name }))

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("asks for a name, a secret and a host before anything is sent", async () => {
  const sent = serve()
  const onClose = show(null)
  await press("Add credential")
  expect(await screen.findByText("Enter a name")).toBeTruthy()
  expect(screen.getByText("Enter at least 8 characters")).toBeTruthy()
  expect(screen.getByText("Enter at least one host")).toBeTruthy()
  await userEvent.type(screen.getByLabelText("Name"), "Shop")
  await userEvent.type(screen.getByLabelText("Token"), "token-0123456789")
  await userEvent.type(screen.getByLabelText("Allowed hosts"), "https://api.example.com")
  await press("Add credential")
  expect(await screen.findByText(/Enter a host such as/)).toBeTruthy()
  await userEvent.clear(screen.getByLabelText("Allowed hosts"))
  await userEvent.type(screen.getByLabelText("Allowed hosts"), "API.example.com, *.example.org{Enter}")
  expect(sent).toEqual([])
  await press("Add credential")
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(sent).toMatchObject([
    {
      method: "POST",
      body: {
        name: "Shop",
        kind: "bearer",
        config: {},
        secret: "token-0123456789",
        allowed_hosts: ["api.example.com", "*.example.org"],
        is_active: true,
      },
    },
  ])
})

it("keeps the stored secret, shows its end only, and says who names it", async () => {
  const sent = serve()
  const onClose = show(stored)
  expect((await screen.findByLabelText<HTMLInputElement>(/^Value/)).value).toBe("")
  expect(screen.getByText(/A secret ending in cdef is stored/)).toBeTruthy()
  expect((await screen.findByRole("link", { name: flow.name })).getAttribute("href")).toBe(
    `/flows/${flow.id}`,
  )
  await userEvent.clear(screen.getByLabelText("Name"))
  await userEvent.type(screen.getByLabelText("Name"), "Store")
  await press("Save changes")
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(sent).toMatchObject([
    { method: "PUT", ifMatch: '"v3"', body: { name: "Store", config: { header: "X-Api-Key" } } },
  ])
  expect(sent[0]?.body).not.toHaveProperty("secret")
})

it("says beside the secret that a further host wants it again", async () => {
  const sent = serve()
  const onClose = show(stored)
  await userEvent.type(await screen.findByLabelText("Allowed hosts"), "{Enter}evil.example.net")
  await press("Save changes")
  expect(await screen.findByText("Enter the secret again")).toBeTruthy()
  expect(onClose).not.toHaveBeenCalled()
  expect(sent).toHaveLength(1)
})
