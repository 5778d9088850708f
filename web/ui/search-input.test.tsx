import { act, render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it, vi } from "vitest"
import { SearchInput } from "./input.tsx"

/** As the address bar holds it: what is typed arrives a moment later, and only the last of it. */
function Late({ onSearch }: { onSearch: (text: string) => void }) {
  const [value, setValue] = useState("")
  const [timer, setTimer] = useState<ReturnType<typeof setTimeout>>()
  const onChange = (text: string) => {
    onSearch(text)
    clearTimeout(timer)
    setTimer(setTimeout(() => setValue(text), 50))
  }
  return (
    <>
      <SearchInput label="Search flows" value={value} onChange={onChange} />
      <button type="button" onClick={() => setValue("from a link")}>
        Follow a link
      </button>
      <output>{value}</output>
    </>
  )
}

const box = () => screen.getByRole<HTMLInputElement>("searchbox")
const arrived = () => screen.getByRole("status").textContent

function show() {
  const onSearch = vi.fn<(text: string) => void>()
  render(<Late onSearch={onSearch} />)
  return onSearch
}

it("loses no letter to a value that comes back later than the next key", async () => {
  const onSearch = show()
  await userEvent.type(box(), "harb tale", { delay: 10 })
  expect(box().value).toBe("harb tale")
  expect(onSearch).toHaveBeenLastCalledWith("harb tale")
  await vi.waitFor(() => expect(arrived()).toBe("harb tale"), { timeout: 10_000 })
  expect(box().value).toBe("harb tale")
})

it("is emptied at once by Escape and by the button", async () => {
  const onSearch = show()
  await userEvent.type(box(), "a{Escape}")
  expect(box().value).toBe("")
  await userEvent.type(box(), "b")
  await userEvent.click(screen.getByRole("button", { name: "Clear the search" }))
  expect(box().value).toBe("")
  expect(onSearch).toHaveBeenLastCalledWith("")
  expect(document.activeElement).toBe(box())
})

it("shows what came from elsewhere", async () => {
  show()
  await userEvent.type(box(), "mine")
  await vi.waitFor(() => expect(arrived()).toBe("mine"), { timeout: 10_000 })
  await userEvent.click(screen.getByRole("button", { name: "Follow a link" }))
  expect(box().value).toBe("from a link")
})

it("shows what holds once it is left, though what was typed was refused", async () => {
  render(<SearchInput label="Search" value="kept" onChange={() => undefined} />)
  await userEvent.type(box(), "!")
  expect(box().value).toBe("kept!")
  act(() => box().blur())
  expect(box().value).toBe("kept")
})
