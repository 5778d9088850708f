import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it, vi } from "vitest"
import { Combobox, type ComboOption } from "./combobox.tsx"

const all: ComboOption[] = ["Berlin", "Bern", "Tokyo"].map((label) => ({ value: label, label }))

function City({ onChoose }: { onChoose: (city: string) => void }) {
  const [typed, setTyped] = useState("")
  const [chosen, setChosen] = useState("")
  return (
    <Combobox
      aria-label="City"
      chosen={chosen}
      typed={typed}
      onType={setTyped}
      options={all.filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))}
      onChoose={({ label }) => {
        setChosen(label)
        onChoose(label)
      }}
      nothing="No such city"
    />
  )
}

function show() {
  const onChoose = vi.fn<(city: string) => void>()
  render(<City onChoose={onChoose} />)
  return { onChoose, input: screen.getByRole<HTMLInputElement>("combobox", { name: "City" }) }
}

it("puts what is called as one types before the rest, whoever narrows the options later", async () => {
  const onChoose = vi.fn()
  const options = ["Critic", "Ghostwriter", "Writer"].map((label) => ({ value: label, label }))
  function Held() {
    const [typed, setTyped] = useState("")
    return (
      <Combobox
        aria-label="Agent"
        chosen=""
        typed={typed}
        onType={setTyped}
        options={options}
        onChoose={onChoose}
        nothing="Nothing"
      />
    )
  }
  render(<Held />)
  await userEvent.type(screen.getByRole("combobox"), "writer{Enter}")
  expect(onChoose).toHaveBeenCalledExactlyOnceWith({ value: "Writer", label: "Writer" })
})

it("narrows as one types, and takes the one that the arrows reach", async () => {
  const { onChoose, input } = show()
  await userEvent.click(input)
  expect(screen.getAllByRole("option")).toHaveLength(3)
  await userEvent.type(input, "ber")
  expect(screen.getAllByRole("option").map((one) => one.textContent)).toEqual(["Berlin", "Bern"])
  await userEvent.keyboard("{ArrowDown}{Enter}")
  expect(onChoose).toHaveBeenCalledWith("Bern")
  expect(input.value).toBe("Bern")
  expect(screen.queryByRole("listbox")).toBeNull()
})

it("takes a pressed one, and keeps what was chosen when one leaves without choosing", async () => {
  const { onChoose, input } = show()
  await userEvent.click(input)
  await userEvent.click(screen.getByRole("option", { name: "Tokyo" }))
  expect(onChoose).toHaveBeenCalledWith("Tokyo")
  await userEvent.click(input)
  await userEvent.type(input, "zzz")
  expect(screen.getByText("No such city")).toBeTruthy()
  await userEvent.keyboard("{Escape}")
  expect(input.value).toBe("Tokyo")
  expect(onChoose).toHaveBeenCalledTimes(1)
})

it("names the active option to those who do not see it", async () => {
  const { input } = show()
  await userEvent.click(input)
  const id = input.getAttribute("aria-activedescendant")
  expect(document.getElementById(id ?? "")?.textContent).toBe("Berlin")
})
