import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { Provider } from "#core/contract/llm-providers"
import { session } from "#web/state/session.ts"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import AliasDialog from "./alias-dialog.tsx"

const provider = (n: number, name: string, isDefault: boolean) =>
  ({
    id: `provider_01JD000000000000000000000${n}`,
    name,
    provider_type: "openai",
    config: { default_model: `model-${n}` },
    is_active: true,
    is_default: isDefault,
  }) as Provider
const providers = [provider(1, "Main", true), provider(2, "Spare", false)]

function show() {
  const sent: unknown[] = []
  vi.stubGlobal("fetch", async (_address: string, init: RequestInit) => {
    if (init.method === "POST" && typeof init.body === "string") sent.push(JSON.parse(init.body))
    return new Response("{}", { status: 201 })
  })
  const onClose = vi.fn()
  render(
    <QueryClientProvider client={new QueryClient()}>
      <TooltipProvider>
        <AliasDialog alias={null} providers={providers} onClose={onClose} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { sent, onClose }
}
const press = (name: string) => userEvent.click(screen.getByRole("button", { name }))
const target = (n: number) => within(screen.getByRole("group", { name: `Target ${n}` }))

beforeEach(() => session.begin("token", "tenant_01JD0000000000000000000000"))
afterEach(() => {
  session.end("left")
  vi.unstubAllGlobals()
})

it("makes an alias that shares calls between two targets and falls back to a third", async () => {
  const { sent, onClose } = show()
  await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "fast")
  await press("Add a target")
  await press("Add a target")
  await userEvent.selectOptions(target(2).getByRole("combobox", { name: "Provider" }), "Spare")
  await userEvent.click(screen.getAllByRole("checkbox", { name: /Shares the calls/ })[0]!)
  await userEvent.clear(target(1).getByRole("textbox", { name: /Weight/ }))
  await userEvent.type(target(1).getByRole("textbox", { name: /Weight/ }), "3")
  expect(target(1).getByText("75 %")).toBeTruthy()
  expect(target(2).getByText("25 %")).toBeTruthy()
  await press("Add alias")
  await waitFor(() => expect(onClose).toHaveBeenCalled())
  expect(sent).toMatchObject([
    {
      name: "fast",
      targets: [
        { llm_provider_id: providers[0]!.id, model: "model-1", order: 0, weight: 3 },
        { llm_provider_id: providers[1]!.id, order: 0, weight: 1 },
        { order: 1 },
      ],
      settings: { retries: 1, cache_seconds: 0 },
    },
  ])
})

it("says at its own field what a target lacks, and sends nothing", async () => {
  const { sent } = show()
  await userEvent.type(screen.getByRole("textbox", { name: "Name" }), "Fast One")
  await press("Add a target")
  await userEvent.clear(target(2).getByRole("combobox", { name: "Model" }))
  await press("Add alias")
  expect(await target(2).findByText("Name a model")).toBeTruthy()
  expect(target(1).queryByText("Name a model")).toBeNull()
  expect(screen.getByText(/Use small letters/)).toBeTruthy()
  expect(sent).toEqual([])
})
