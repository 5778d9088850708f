import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { Provider } from "#core/contract/llm-providers"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { ProviderDialog } from "./provider-dialog.tsx"

const builtin = {
  id: "provider_01JD0000000000000000000001",
  name: "Builtin",
  provider_type: "builtin",
  api_credentials: { set: false },
  config: { prices: { "old.model": { input: 250_000, output: 900_000, reasoning: 1_000_000 } } },
  is_active: true,
  is_default: true,
  version: 3,
} as unknown as Provider

function show() {
  const sent: unknown[] = []
  vi.stubGlobal("fetch", async (_address: string, init: RequestInit) => {
    if (init.method === "PUT" && typeof init.body === "string") sent.push(JSON.parse(init.body))
    return Response.json({ llm_provider: builtin }, { headers: { etag: '"v3"' } })
  })
  const onClose = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <ProviderDialog provider={builtin} onClose={onClose} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { sent, onClose }
}
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }))
const price = (n: number) => within(screen.getByRole("group", { name: `Price ${n}` }))
const type = (n: number, field: string, text: string) =>
  userEvent.type(price(n).getByRole("textbox", { name: field }), text)

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("says prices in dollars, sends whole micro-dollars, and keeps those that stood there", async () => {
  const { sent, onClose } = show()
  expect(price(1).getByRole<HTMLInputElement>("textbox", { name: "Input" }).value).toBe("0.25")
  expect(price(1).getByRole<HTMLInputElement>("textbox", { name: "Reasoning" }).value).toBe("1")
  await press("Add a price")
  await userEvent.type(price(2).getByRole("combobox", { name: "Model" }), "qwen3-32b")
  await type(2, "Input", "0.1")
  await type(2, "Output", "0.7")
  await press("Save changes")
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(sent).toMatchObject([
    {
      config: {
        prices: {
          "old.model": { input: 250_000, output: 900_000, reasoning: 1_000_000 },
          "qwen3-32b": { input: 100_000, output: 700_000 },
        },
      },
    },
  ])
})

it("says at its own field what a price lacks, and refuses a model that stands twice", async () => {
  const { sent } = show()
  await press("Add a price")
  await type(2, "Input", "1")
  await press("Save changes")
  expect(await price(2).findByText("Name the model")).toBeTruthy()
  await userEvent.type(price(2).getByRole("combobox", { name: "Model" }), "old.model")
  expect(price(2).getByText("This model has a price above")).toBeTruthy()
  await press("Save changes")
  await userEvent.type(price(2).getByRole("combobox", { name: "Model" }), ".2")
  await press("Save changes")
  expect(await price(2).findByText("Enter an amount")).toBeTruthy()
  expect(sent).toEqual([])
  await press("Remove price 2")
  await press("Remove price 1")
  await press("Save changes")
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent).toMatchObject([{ config: {} }])
  expect(JSON.stringify(sent)).not.toContain("prices")
})
