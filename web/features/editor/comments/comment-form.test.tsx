import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import { people } from "../test-editor.tsx"
import { CommentForm } from "./comment-form.tsx"

const form = (known: typeof people | []) => (
  <CommentForm label="Comment" act="Comment" people={known} onSend={() => undefined} />
)

it("offers those who are known only after they were called", async () => {
  const { rerender } = render(form([]))
  await userEvent.type(screen.getByRole("textbox"), "Ask @li")
  expect(screen.queryByRole("option")).toBeNull()
  rerender(form(people))
  expect(screen.getByRole("option", { name: "Ben Lima" }).getAttribute("aria-selected")).toBe("true")
  await userEvent.keyboard("{Enter}")
  expect(screen.getByRole("textbox")).toHaveProperty("value", "Ask @Ben Lima ")
})
