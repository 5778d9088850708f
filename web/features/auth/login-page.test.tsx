import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import { session } from "#web/state/session.ts"
import { LoginPage } from "./login-page.tsx"

const tenants = [
  { id: "tenant_01JD0000000000000000000000", name: "Northwind", slug: "northwind", role: "admin" },
  { id: "tenant_01JD0000000000000000000001", name: "Lab", slug: "lab", role: "viewer" },
]
const user = {
  id: "user_01JD0000000000000000000000",
  email: "ana@example.com",
  name: "Ana",
  preferences: {},
  created_at: "2026-11-21T09:30:00.000Z",
}

/** A server of two tenants that knows one password. */
function serve() {
  const bodies: Record<string, unknown>[] = []
  const answer = (status: number, body: object) => new Response(JSON.stringify(body), { status })
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const body: Record<string, unknown> = JSON.parse(init.body)
    bodies.push(body)
    if (body["password"] !== "correct horse") {
      const problem = {
        type: "about:blank",
        title: "No",
        detail: "The email address or the password is wrong.",
      }
      return answer(401, { ...problem, status: 401, code: "auth.bad_credentials", request_id: "req_1" })
    }
    if (body["tenant_slug"] === undefined) return answer(300, { tenants })
    const tenant = tenants.find(({ slug }) => slug === body["tenant_slug"])
    return answer(200, { access_token: "token", refresh_token: "r", user, tenant })
  })
  return bodies
}

function show() {
  const root = createRootRoute({ component: Outlet })
  const outside = createRoute({ getParentRoute: () => root, id: "outside", component: Outlet })
  const login = createRoute({ getParentRoute: () => outside, path: "/login", component: LoginPage })
  const home = createRoute({ getParentRoute: () => root, path: "/", component: () => <p>Signed in</p> })
  const router = createRouter({
    routeTree: root.addChildren([outside.addChildren([login]), home]),
    history: createMemoryHistory({ initialEntries: ["/login"] }),
  })
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
}

async function signIn(password: string) {
  await userEvent.type(await screen.findByLabelText("Email"), "Ana@Example.com")
  await userEvent.type(screen.getByLabelText("Password"), password)
  await userEvent.keyboard("{Enter}")
}

afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("asks for an address before anything is sent", async () => {
  const bodies = serve()
  show()
  await screen.findByLabelText("Email")
  await userEvent.click(screen.getByRole("button", { name: "Sign in" }))
  expect(screen.getByLabelText("Email").getAttribute("aria-invalid")).toBe("true")
  expect(bodies).toEqual([])
})

it("says that the address or the password is wrong, and keeps what was typed", async () => {
  serve()
  show()
  await signIn("wrong")
  expect((await screen.findByRole("alert")).textContent).toBe("The email address or the password is wrong.")
  expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe("Ana@Example.com")
  expect(session.token).toBeNull()
})

it("lets one who belongs to several tenants choose", async () => {
  const bodies = serve()
  show()
  await signIn("correct horse")
  await userEvent.click(await screen.findByRole("button", { name: /Lab/ }))
  expect(await screen.findByText("Signed in")).toBeTruthy()
  expect(bodies.at(-1)).toEqual({ email: "ana@example.com", password: "correct horse", tenant_slug: "lab" })
  expect(session.token).toBe("token")
})

it("lets one go back from the choice to another account", async () => {
  serve()
  show()
  await signIn("correct horse")
  await userEvent.click(await screen.findByRole("button", { name: "Use another account" }))
  expect(await screen.findByLabelText("Password")).toBeTruthy()
})

it("shows a password on demand, to a screen reader too", async () => {
  serve()
  show()
  const field = await screen.findByLabelText("Password")
  expect(field.getAttribute("type")).toBe("password")
  await userEvent.click(screen.getByRole("button", { name: "Show the password" }))
  expect(field.getAttribute("type")).toBe("text")
})
