import { fireEvent, render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it, vi } from "vitest"
import { TooltipProvider } from "../tooltip.tsx"
import type { TableProps } from "./model.ts"
import { Table } from "./table.tsx"

type Fruit = { id: string; name: string }

const fruits: Fruit[] = ["Apple", "Pear", "Plum", "Quince"].map((name) => ({ id: name.toLowerCase(), name }))

function show(props: Partial<TableProps<Fruit>> = {}) {
  const all: TableProps<Fruit> = {
    label: "Fruits",
    rows: fruits,
    rowKey: (fruit) => fruit.id,
    rowLabel: (fruit) => fruit.name,
    columns: [
      { id: "name", header: "Name", width: "1fr", sort: "name", cell: (fruit) => fruit.name },
      { id: "length", header: "Length", width: "1fr", cell: (fruit) => fruit.name.length },
    ],
    narrow: (fruit) => fruit.name,
    ...props,
  }
  return render(
    <TooltipProvider>
      <Table {...all} />
    </TooltipProvider>,
  )
}

const rowOf = (name: string) => screen.getByRole("row", { name })

it("walks by j and k from anywhere and opens by Enter", async () => {
  const user = userEvent.setup()
  const onOpen = vi.fn()
  show({ onOpen })
  await user.keyboard("jj")
  expect(document.activeElement).toBe(rowOf("Pear"))
  await user.keyboard("k{Enter}")
  expect(onOpen).toHaveBeenCalledExactlyOnceWith(fruits[0])
})

it("leaves letters alone while one types", async () => {
  const user = userEvent.setup()
  show()
  render(<input aria-label="Elsewhere" />)
  await user.click(screen.getByLabelText("Elsewhere"))
  await user.keyboard("jx")
  expect(screen.getByLabelText<HTMLInputElement>("Elsewhere").value).toBe("jx")
  expect(document.activeElement).toBe(screen.getByLabelText("Elsewhere"))
})

it("has one row that Tab reaches", () => {
  show()
  expect(screen.getAllByRole("row").filter((row) => row.tabIndex === 0)).toEqual([rowOf("Apple")])
})

it("ticks by x and a range by shift, acts on what is ticked, and lets go by Escape", async () => {
  const user = userEvent.setup()
  show({ bulk: (rows) => <p>{rows.map((row) => row.name).join("+")}</p> })
  expect(screen.queryByRole("toolbar")).toBeNull()
  await user.keyboard("jx")
  expect(rowOf("Apple").getAttribute("aria-selected")).toBe("true")
  fireEvent.click(screen.getByRole("checkbox", { name: "Select Plum" }), { shiftKey: true })
  const toolbar = screen.getByRole("toolbar", { name: "Selected rows" })
  expect(within(toolbar).getByText("Apple+Pear+Plum")).toBeTruthy()
  expect(within(toolbar).getByText("3 selected")).toBeTruthy()
  await user.keyboard("{Escape}")
  expect(screen.queryByRole("toolbar")).toBeNull()
})

it("ticks all, and none", async () => {
  const user = userEvent.setup()
  show({ bulk: (rows) => <p>{rows.length} rows</p> })
  await user.click(screen.getByRole("checkbox", { name: "Select all" }))
  expect(screen.getByText("4 rows")).toBeTruthy()
  await user.click(screen.getByRole("checkbox", { name: "Select all" }))
  expect(screen.queryByRole("toolbar")).toBeNull()
})

it("asks for the other order and says which one holds", async () => {
  const user = userEvent.setup()
  const onSort = vi.fn()
  show({ sort: "name", onSort })
  expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBe("ascending")
  await user.click(screen.getByRole("button", { name: "Name" }))
  expect(onSort).toHaveBeenCalledWith("-name")
})

it("opens a row's acts by its menu", async () => {
  const user = userEvent.setup()
  const onSelect = vi.fn()
  const onOpen = vi.fn()
  show({ onOpen, rowMenu: (fruit) => [{ label: `Eat ${fruit.name}`, onSelect }] })
  await user.click(screen.getByRole("button", { name: "Actions for Pear" }))
  await user.click(screen.getByRole("menuitem", { name: "Eat Pear" }))
  expect(onSelect).toHaveBeenCalledOnce()
  expect(onOpen).not.toHaveBeenCalled()
})

it("shows shapes while it loads, and says what is missing when there is nothing", () => {
  const { rerender } = show({ rows: undefined })
  expect(screen.getByRole("grid").getAttribute("aria-busy")).toBe("true")
  expect(screen.queryByText("No fruit")).toBeNull()
  rerender(
    <Table
      label="Fruits"
      rows={[]}
      rowKey={String}
      rowLabel={String}
      columns={[]}
      narrow={String}
      empty={<p>No fruit</p>}
    />,
  )
  expect(screen.getByText("No fruit")).toBeTruthy()
})

it("counts the rows that are yet to come", () => {
  show({ total: 1000 })
  expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("1001")
})

it("shows the ticks that a page keeps, and leaves those alone that are not listed or cannot be ticked", async () => {
  const user = userEvent.setup()
  const onChange = vi.fn()
  const can = (fruit: Fruit) => fruit.id !== "plum"
  show({ ticks: { ticked: new Set(["pear", "fig"]), onChange, can } })
  expect(screen.getByLabelText<HTMLInputElement>("Select Pear").checked).toBe(true)
  expect(screen.getByLabelText<HTMLInputElement>("Select Plum").disabled).toBe(true)
  await user.click(screen.getByLabelText("Select Apple"))
  expect(onChange).toHaveBeenLastCalledWith(new Set(["pear", "fig", "apple"]))
  await user.click(screen.getByLabelText("Select all"))
  expect(onChange).toHaveBeenLastCalledWith(new Set(["fig", "apple", "pear", "quince"]))
  await user.keyboard("{Escape}")
  rowOf("Plum").focus()
  onChange.mockClear()
  await user.keyboard("x")
  for (const [ticked] of onChange.mock.calls) expect(ticked).toEqual(new Set(["pear", "fig"]))
})
