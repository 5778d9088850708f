import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { draft } from "../test-flow.ts"
import { Autosave, type SaveOutcome } from "./autosave.ts"

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const first = draft([])
const named = (name: string) => ({ ...first, name })

class Refusal extends Error {
  readonly outcome: SaveOutcome
  constructor(outcome: SaveOutcome) {
    super(outcome)
    this.outcome = outcome
  }
}

function open(save = vi.fn(async (_draft: unknown, version: number) => version + 1)) {
  const states: string[] = []
  const autosave = new Autosave(first, 1, 0, {
    save,
    judge: (error) => (error instanceof Refusal ? error.outcome : "refused"),
    onState: (state) => states.push(state.is),
    now: () => Date.now(),
  })
  return { autosave, save, states }
}

it("gathers a burst of changes into one save, on top of the version that was read", async () => {
  const { autosave, save } = open()
  for (const name of ["a", "ab", "abc"]) {
    autosave.changed(named(name))
    await vi.advanceTimersByTimeAsync(200)
  }
  expect(save).not.toHaveBeenCalled()
  expect(autosave.isDirty).toBe(true)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(save.mock.calls).toEqual([[named("abc"), 1]])
  expect(autosave.version).toBe(2)
  expect(autosave.isDirty).toBe(false)
})

it("saves what changed while a save was under way, once, on top of it", async () => {
  let finish: (version: number) => void = () => undefined
  const save = vi.fn(() => new Promise<number>((resolve) => (finish = resolve)))
  const { autosave } = open(save)
  autosave.changed(named("a"))
  await vi.advanceTimersByTimeAsync(1_000)
  autosave.changed(named("b"))
  autosave.changed(named("c"))
  await vi.advanceTimersByTimeAsync(5_000)
  expect(save).toHaveBeenCalledTimes(1)
  finish(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(save).toHaveBeenLastCalledWith(named("c"), 2)
  finish(3)
  await vi.advanceTimersByTimeAsync(0)
  expect(autosave.state.is).toBe("saved")
})

it("keeps the draft and tries again by itself while the server cannot be reached", async () => {
  const save = vi.fn(async (_draft: unknown, version: number) => version + 1)
  save.mockRejectedValueOnce(new Refusal("offline")).mockRejectedValueOnce(new Refusal("offline"))
  const { autosave, states } = open(save)
  autosave.changed(named("a"))
  await vi.advanceTimersByTimeAsync(900)
  expect(autosave.state.is).toBe("offline")
  await vi.advanceTimersByTimeAsync(10_000)
  expect(save).toHaveBeenCalledTimes(3)
  expect(states.at(-1)).toBe("saved")
})

it("stops at a conflict until a person chooses, and then saves on top of the other's version", async () => {
  const save = vi.fn(async (_draft: unknown, version: number) => version + 1)
  save.mockRejectedValueOnce(new Refusal("conflict"))
  const { autosave } = open(save)
  autosave.changed(named("a"))
  await vi.advanceTimersByTimeAsync(1_000)
  autosave.changed(named("ab"))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(save).toHaveBeenCalledTimes(1)
  expect(await autosave.flush()).toBe(false)
  await autosave.keepMine(7)
  expect(save).toHaveBeenLastCalledWith(named("ab"), 7)
  expect(autosave.version).toBe(8)
})

it("takes the other's draft in place of the page's", async () => {
  const save = vi.fn(async (_draft: unknown, version: number) => version + 1)
  save.mockRejectedValueOnce(new Refusal("conflict"))
  const { autosave } = open(save)
  autosave.changed(named("mine"))
  await vi.advanceTimersByTimeAsync(1_000)
  const theirs = named("theirs")
  autosave.adopt(theirs, 9)
  autosave.changed(theirs)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(save).toHaveBeenCalledTimes(1)
  expect([autosave.state.is, autosave.version, autosave.isDirty]).toEqual(["saved", 9, false])
})

it("says what the server does not take, and tries the next change", async () => {
  const save = vi.fn(async (_draft: unknown, version: number) => version + 1)
  save.mockRejectedValueOnce(new Refusal("refused"))
  const { autosave } = open(save)
  autosave.changed(named(""))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(autosave.state.is).toBe("refused")
  expect(save).toHaveBeenCalledTimes(1)
  autosave.changed(named("a"))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(autosave.state.is).toBe("saved")
})

it("flushes at once, and sends nothing when a change was taken back", async () => {
  const { autosave, save } = open()
  autosave.changed(named("a"))
  expect(await autosave.flush()).toBe(true)
  expect(save).toHaveBeenCalledTimes(1)
  autosave.changed(named("b"))
  autosave.changed(save.mock.calls[0]![0] as typeof first)
  await vi.advanceTimersByTimeAsync(5_000)
  expect(save).toHaveBeenCalledTimes(1)
  expect(autosave.state.is).toBe("saved")
})
