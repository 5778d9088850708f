import { act, render, screen } from "@testing-library/react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { useSmoothText } from "./use-smooth-text.ts"

let frames: FrameRequestCallback[] = []
beforeEach(() => {
  frames = []
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) => frames.push(frame))
  vi.stubGlobal("cancelAnimationFrame", () => undefined)
})
afterEach(() => vi.stubGlobal("requestAnimationFrame", setTimeout))

const Text = ({ text, streaming }: { text: string; streaming: boolean }) => (
  <p role="status">{useSmoothText(text, streaming)}</p>
)
const shown = () => screen.getByRole("status").textContent
const passFrame = () => act(() => frames.splice(0).forEach((frame) => frame(0)))

it("shows what is there at once, and what comes then at a pace that catches up", () => {
  const view = render(<Text text="Hello" streaming />)
  expect(shown()).toBe("Hello")
  const whole = `Hello${" and more".repeat(20)}`
  view.rerender(<Text text={whole} streaming />)
  expect(shown()).toBe("Hello")
  let before = 5
  for (let i = 0; i < 60; i++) {
    passFrame()
    const now = shown().length
    expect(now).toBeGreaterThanOrEqual(before)
    expect(whole.startsWith(shown())).toBe(true)
    before = now
  }
  expect(shown()).toBe(whole)
})

it("is whole at once when nothing more will come", () => {
  const view = render(<Text text="Hel" streaming />)
  view.rerender(<Text text="Hello, and all of the rest" streaming={false} />)
  expect(shown()).toBe("Hello, and all of the rest")
})

it("begins anew with a text that begins anew", () => {
  const view = render(<Text text="The first attempt" streaming />)
  view.rerender(<Text text="Sec" streaming />)
  expect(shown()).toBe("Sec")
})
