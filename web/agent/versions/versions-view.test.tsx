import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it } from "vitest"
import type { DefinitionVersion } from "#core/contract/agents"
import { queryKeys } from "#web/api/query-keys.ts"
import { Toaster } from "#web/ui/toast.tsx"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { VersionsView, type VersionSource } from "./versions-view.tsx"

const versionOf = (version: number): DefinitionVersion => ({
  version,
  created_by: "user_1",
  created_at: "2026-11-21T09:00:00.000Z",
})

function show(count: number, props: { mayRestore?: boolean; isDirty?: boolean } = {}) {
  const rolledBack: [number, number][] = []
  const compared: [number, number][] = []
  function Held() {
    const [current, setCurrent] = useState(count)
    const source: VersionSource = {
      key: ["agent"],
      list: async () => ({
        versions: Array.from({ length: current }, (_, i) => versionOf(current - i)),
      }),
      diff: async (from, to) => {
        compared.push([from, to])
        return { changes: from === to ? [] : [{ path: "goal", from: `goal ${from}`, to: `goal ${to}` }] }
      },
      rollback: async (version, onto) => {
        rolledBack.push([version, onto])
        setCurrent(onto + 1)
        return onto + 1
      },
    }
    const { mayRestore = true, isDirty = false } = props
    return <VersionsView source={source} current={current} mayRestore={mayRestore} isDirty={isDirty} />
  }
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  queries.setQueryData(queryKeys.me, {
    user: { id: "user_1", email: "ana@example.com", name: "Ana", preferences: {} },
    capabilities: [],
  })
  render(
    <QueryClientProvider client={queries}>
      <TooltipProvider>
        <Held />
        <Toaster />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { rolledBack, compared }
}

it("compares the version before with the one that holds, and any two that are chosen", async () => {
  const user = userEvent.setup()
  const { compared } = show(3)
  await screen.findByRole("heading", { name: "From version 2 to" })
  await waitFor(() => expect(compared).toEqual([[2, 3]]))
  expect(screen.getByRole("region", { name: "What differs" }).textContent).toMatch(/goal/)
  const list = screen.getByRole("list", { name: "Versions" })
  expect(within(list).getByRole("button", { name: /Version 3.*Now/ })).toBeTruthy()
  expect(within(list).getAllByText("You")).toHaveLength(3)
  await user.click(within(list).getByRole("button", { name: /Version 1/ }))
  await user.selectOptions(screen.getByRole("combobox", { name: "Compare with" }), "Version 2")
  await waitFor(() => expect(compared.at(-1)).toEqual([1, 2]))
  await user.selectOptions(screen.getByRole("combobox", { name: "Compare with" }), "Version 1")
  await screen.findByText("They are the same.")
})

it("brings a version back on top of the one that holds, and back again", async () => {
  const user = userEvent.setup()
  const { rolledBack } = show(3)
  await user.click(await screen.findByRole("button", { name: "Bring back version 2" }))
  await user.click(await screen.findByRole("button", { name: "Undo" }))
  await waitFor(() =>
    expect(rolledBack).toEqual([
      [2, 3],
      [3, 4],
    ]),
  )
})

it("brings nothing back over what is not saved, and nothing for those who may only look", async () => {
  show(3, { isDirty: true })
  expect(await screen.findByRole("button", { name: "Bring back version 2" })).toHaveProperty("disabled", true)
  expect(screen.getByText("Save or discard your changes first.")).toBeTruthy()
})

it("offers no way back to those who may only look", async () => {
  const { compared } = show(3, { mayRestore: false })
  await waitFor(() => expect(compared).toEqual([[2, 3]]))
  expect(screen.queryByRole("button", { name: /Bring back/ })).toBeNull()
})

it("says that there is one version so far", async () => {
  show(1)
  await screen.findByText("One version so far")
})
