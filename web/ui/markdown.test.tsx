import { render } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import { parseBlocks } from "./markdown/blocks.ts"
import { Markdown } from "./markdown.tsx"

const html = (text: string) => render(<Markdown text={text} />).container
const tags = (text: string, tag: string) =>
  [...html(text).querySelectorAll(tag)].map((one) => one.textContent)

it("reads emphasis, code and line breaks", () => {
  expect(tags("a **bold _and_ more** `code **not**`", "strong")).toEqual(["bold and more"])
  expect(tags("a **bold _and_ more**", "em")).toEqual(["and"])
  expect(tags("`code **not**`", "code")).toEqual(["code **not**"])
  expect(html("one\ntwo").querySelectorAll("br")).toHaveLength(1)
  expect(tags("~~gone~~", "s")).toEqual(["gone"])
  expect(html("a ***both*** b").innerHTML).toContain("<em>both</em></strong> b")
})

it("leaves marks alone that mean nothing", () => {
  for (const text of ["snake_case_name", "2 * 3 * 4", "**", "a ** b", "`open", "\\*not\\*"]) {
    const { container } = render(<Markdown text={text} />)
    expect(container.querySelector("em, strong, code")).toBeNull()
  }
  expect(html("\\*not\\*").textContent).toBe("*not*")
})

it("reads headings, quotes, lists within lists, tables and fences", () => {
  expect(tags("> quoted\n> more", "blockquote")).toHaveLength(1)
  expect(tags("- a\n- b\n  - c", "li")).toEqual(["a", "bc", "c"])
  expect(html("3. three\n4. four").querySelector("ol")?.getAttribute("start")).toBe("3")
  expect(tags("| a | b |\n|---|---|\n| 1 | 2 |", "td")).toEqual(["1", "2"])
  expect(tags("```js\nlet a = 1\n\n# no heading\n```", "pre")).toEqual(["let a = 1\n\n# no heading"])
})

it("makes no element of a tag and fetches no picture", () => {
  const page = html('<img src=x onerror="alert(1)"> <b>b</b> ![alt](https://example.com/a.png)')
  expect(page.querySelector("img, b")).toBeNull()
  expect(page.textContent).toContain('<img src=x onerror="alert(1)">')
  expect(page.querySelector("button")?.textContent).toBe("alt · Load picture from example.com")
})

it("loads the picture that is asked for, and only in a frame that can do nothing else", async () => {
  const { container, getByRole } = render(
    <Markdown text="![a](https://a.example/a.png) ![b](https://b.example/b.png)" />,
  )
  await userEvent.click(getByRole("button", { name: /a\.example/ }))
  expect(container.querySelectorAll("iframe")).toHaveLength(1)
  expect(container.querySelector("iframe")?.getAttribute("src")).toBe("/picture.html")
  expect(getByRole("button", { name: /b\.example/ })).toBeTruthy()
})

it("copies a block of code as it is written", async () => {
  const user = userEvent.setup()
  const { getByRole } = render(<Markdown text={"```ts\nconst a = `1`\n\n  b()\n```"} />)
  expect(getByRole("figure").querySelector("figcaption")?.textContent).toBe("ts")
  await user.click(getByRole("button", { name: "Copy code" }))
  expect(await navigator.clipboard.readText()).toBe("const a = `1`\n\n  b()")
})

it("stands a caret behind the last word of what is being written", () => {
  const { container, rerender } = render(<Markdown text={"one\n\n- two"} writing />)
  expect(container.querySelector("li [data-caret]")).not.toBeNull()
  rerender(<Markdown text={"one\n\n- two"} />)
  expect(container.querySelector("[data-caret]")).toBeNull()
})

it.each([
  "javascript:alert(1)",
  "JAVASCRIPT:alert(1)",
  "data:text/html,x",
  "//evil.example",
  "/settings",
  "vbscript:x",
])("makes no link of %s", (address) => {
  const page = html(`[press](${address})`)
  expect(page.querySelector("a")).toBeNull()
  expect(page.textContent).toBe("press")
})

it("links what stands bare, without the dot behind it", () => {
  const link = html("See https://example.com/a_b?c=1.").querySelector("a")
  expect(link?.getAttribute("href")).toBe("https://example.com/a_b?c=1")
  expect(link?.getAttribute("rel")).toContain("noopener")
})

it.each(["*", "_", "`", "[", "**a ", "> ", "- ", "a*b", "![", "|-", "*a **b ", "``a`"])(
  "reads a long text of %s in time that grows as the text does",
  (piece) => {
    const timeOf = (length: number): number => {
      const text = piece.repeat(length / piece.length)
      const started = performance.now()
      parseBlocks(text)
      return performance.now() - started
    }
    // The best of three: other work on the machine only ever adds.
    const best = (length: number) => Math.min(timeOf(length), timeOf(length), timeOf(length))
    best(10_000)
    expect(best(80_000)).toBeLessThan(40 * best(10_000) + 50)
  },
)
