import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, expect, it, vi } from "vitest"
import { FormPage } from "./form-page.tsx"

const token = "a".repeat(40)
const form = {
  title: "Tell us",
  description: "We read **everything**.",
  submit_label: "Send it",
  input_schema: {
    type: "object",
    properties: { email: { type: "string", title: "Email" }, note: { type: "string", title: "Note" } },
    required: ["email"],
  },
  tenant_name: "Northwind",
}

type Post = { status: number; body: object }

/** What is answered to whoever opens the form. */
let opened: Post = { status: 200, body: { form } }

/** A server of this form; gives back what was sent in. */
function show(...posts: Post[]): unknown[] {
  const sent: unknown[] = []
  vi.stubGlobal("fetch", async (address: string, init: { method: string; body: string }) => {
    expect(address).toBe(`/api/v1/forms/${token}`)
    if (init.method === "GET") return new Response(JSON.stringify(opened.body), { status: opened.status })
    sent.push(JSON.parse(init.body))
    const { status, body } = posts.shift()!
    return new Response(JSON.stringify(body), { status })
  })
  const root = createRootRoute()
  const page = createRoute({ getParentRoute: () => root, path: "/form/$token", component: FormPage })
  const router = createRouter({
    routeTree: root.addChildren([page]),
    history: createMemoryHistory({ initialEntries: [`/form/${token}`] }),
  })
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  )
  return sent
}

const answered = (answer: object): Post => ({ status: 202, body: { answer } })
const fill = async (email: string) => {
  await userEvent.type(await screen.findByLabelText("Email"), email)
  await userEvent.click(screen.getByRole("button", { name: "Send it" }))
}

afterEach(() => {
  vi.unstubAllGlobals()
  opened = { status: 200, body: { form } }
})

it("checks before it sends, sends what is filled in, thanks, and begins anew", async () => {
  const sent = show(answered({ is: "message", message: "**Thank** you" }))
  await userEvent.click(await screen.findByRole("button", { name: "Send it" }))
  expect(screen.getByRole("alert").textContent).toBe("Fill this in")
  expect(sent).toEqual([])
  await fill("ana@example.com")
  expect((await screen.findByRole("status")).textContent).toBe("Thank you")
  expect(sent).toEqual([{ inputs: { email: "ana@example.com" } }])
  await userEvent.click(screen.getByRole("button", { name: "Send another" }))
  expect(screen.getByLabelText<HTMLInputElement>("Email").value).toBe("")
})

it("puts what the server refuses beside the field, until that field changes", async () => {
  const problem = {
    type: "about:blank",
    title: "No",
    status: 422,
    code: "execution.inputs_invalid",
    detail: "The inputs do not match.",
    request_id: "req_1",
    errors: [{ path: "inputs.email", message: "Enter a whole address" }],
  }
  show({ status: 422, body: problem })
  await fill("ana")
  expect(await screen.findByText("Enter a whole address")).toBeTruthy()
  expect(screen.getByLabelText("Email").getAttribute("aria-invalid")).toBe("true")
  expect(screen.queryByText(/do not match/)).toBeNull()
  await userEvent.type(screen.getByLabelText("Email"), "@example.com")
  expect(screen.queryByText("Enter a whole address")).toBeNull()
})

it("shows outputs under their names, and runs nothing that is in them", async () => {
  show(answered({ is: "outputs", outputs: { gist: "<img src=x onerror=alert(1)>", parts: [1, 2] } }))
  await fill("ana@example.com")
  expect((await screen.findByText("gist")).nextSibling?.textContent).toBe("<img src=x onerror=alert(1)>")
  expect(document.querySelector("img")).toBeNull()
})

it("keeps what was filled in when the execution failed", async () => {
  const sent = show(
    answered({ is: "failed", message: "It did not work out." }),
    answered({ is: "message", message: "Done" }),
  )
  await fill("ana@example.com")
  expect((await screen.findByRole("alert")).textContent).toBe("It did not work out.")
  await userEvent.click(screen.getByRole("button", { name: "Send it" }))
  expect(await screen.findByText("Done")).toBeTruthy()
  expect(sent).toHaveLength(2)
})

it("says why it is not shown where the workspace is suspended", async () => {
  const problem = {
    type: "about:blank",
    title: "No",
    status: 403,
    code: "tenant.suspended",
    detail: "It takes nothing for now.",
    request_id: "req_1",
  }
  opened = { status: 403, body: problem }
  show()
  expect(await screen.findByText("It takes nothing for now.")).toBeTruthy()
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("This tenant is suspended.")
})

it("goes to no address that is a script", async () => {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined)
  show(answered({ is: "redirect", url: "javascript:alert(1)" }))
  await fill("ana@example.com")
  expect(await screen.findByText(/Going on to/)).toBeTruthy()
  expect(assign).not.toHaveBeenCalled()
  expect(document.querySelector("a[href]")).toBeNull()
})
