import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { Json } from "#core/json"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { OutputView } from "./artifacts.tsx"

const url = "/api/v1/executions/exec_0001JD0000000000000000000000/artifacts/0123456789abcdef/fedcba9876543210"
const output = { rows: 1, artifacts: [{ path: "out/table.csv", size: 2_048, url }] }

const show = (value: Json) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <OutputView value={value} label="Result" />
      </TooltipProvider>
    </QueryClientProvider>,
  )

beforeEach(() => session.begin("token", "tenant_1"))
afterEach(() => vi.unstubAllGlobals())

it("lists the files that an output names beside it, and nothing where it names none", () => {
  const { unmount } = show(output)
  expect(screen.getByRole("list", { name: "Files" }).textContent).toBe("out/table.csv2 KiB")
  expect(screen.getByRole("group", { name: "Result" }).textContent).toContain("rows: 1")
  unmount()
  show({ rows: 1 })
  expect(screen.queryByRole("list", { name: "Files" })).toBeNull()
})

it("says beside a file that it is gone, and lets one try again", async () => {
  const user = userEvent.setup()
  const problem = {
    type: "about:blank",
    title: "",
    status: 404,
    code: "execution.artifact_not_found",
    detail: "This execution has no such file.",
    request_id: "req_1",
  }
  const fetch = vi.fn(() => Promise.resolve(Response.json(problem, { status: 404 })))
  vi.stubGlobal("fetch", fetch)
  show(output)
  const button = screen.getByRole("button", { name: "Download out/table.csv" })
  await user.click(button)
  expect((await screen.findByRole("alert")).textContent).toContain("This execution has no such file.")
  await user.click(button)
  expect(fetch).toHaveBeenCalledTimes(2)
})
