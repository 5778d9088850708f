import { act, renderHook } from "@testing-library/react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { usePaced } from "./use-paced.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it("brings a value on at once, the next ones at their pace, and always the last", () => {
  act(() => void vi.advanceTimersByTime(1_000))
  const hook = renderHook(({ value }) => usePaced(value, 250), { initialProps: { value: 1 } })
  hook.rerender({ value: 2 })
  hook.rerender({ value: 3 })
  expect(hook.result.current).toBe(1)
  act(() => void vi.advanceTimersByTime(249))
  expect(hook.result.current).toBe(1)
  act(() => void vi.advanceTimersByTime(1))
  expect(hook.result.current).toBe(3)
})

it("holds nothing back without a pace", () => {
  const hook = renderHook(({ value }) => usePaced(value, 0), { initialProps: { value: 1 } })
  hook.rerender({ value: 2 })
  expect(hook.result.current).toBe(2)
})
