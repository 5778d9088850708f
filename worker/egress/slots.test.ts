import { describe, expect, it, vi } from "vitest"
import { slots } from "./slots.ts"

const patient = () => new AbortController().signal
const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 25))

/** Callers that note their name when they get in, and leave when told. */
function crowd(most: number, mostOfHost: number) {
  const { take } = slots(most, mostOfHost)
  const inside: string[] = []
  const leave = new Map<string, () => void>()
  const come = (host: string, name: string, signal = patient()) =>
    take(host, signal).then((release) => {
      inside.push(name)
      leave.set(name, release)
    })
  return { inside, come, leave: (name: string) => leave.get(name)?.() }
}

describe("slots", () => {
  it("let so many in, and the others as places are given back, in their order", async () => {
    const { inside, come, leave } = crowd(2, 2)
    for (const name of ["a", "b", "c", "d"]) void come("x", name)
    await turn()
    expect(inside).toEqual(["a", "b"])
    leave("a")
    await turn()
    expect(inside).toEqual(["a", "b", "c"])
    leave("a")
    await turn()
    expect(inside).toEqual(["a", "b", "c"])
    leave("c")
    await turn()
    expect(inside).toEqual(["a", "b", "c", "d"])
  })

  it("keep room for others beside a host that gives nothing back", async () => {
    const { inside, come, leave } = crowd(4, 3)
    for (let i = 0; i < 20; i++) void come("hung", `hung${i}`)
    for (const name of ["a", "b", "c"]) void come("fine", name)
    await turn()
    expect(inside).toEqual(["hung0", "hung1", "hung2", "a"])
    leave("a")
    await turn()
    leave("b")
    await turn()
    expect(inside).toEqual(["hung0", "hung1", "hung2", "a", "b", "c"])
  })

  it("serve waiting hosts in turns", async () => {
    const { inside, come, leave } = crowd(1, 1)
    void come("z", "first")
    for (const name of ["a1", "a2", "a3"]) void come("a", name)
    for (const name of ["b1", "b2"]) void come("b", name)
    for (const name of ["first", "a1", "b1", "a2", "b2"]) {
      await turn()
      leave(name)
    }
    await turn()
    expect(inside).toEqual(["first", "a1", "b1", "a2", "b2", "a3"])
  })

  it("lose no place to those who give up: waiting, before they come, and just as they are let in", async () => {
    const { inside, come, leave } = crowd(1, 1)
    void come("x", "holder")
    const patience = new AbortController()
    const gone = expect(come("x", "gone", patience.signal)).rejects.toThrow("enough")
    void come("x", "next")
    patience.abort(new Error("enough"))
    await gone
    await expect(come("x", "late", AbortSignal.abort(new Error("never")))).rejects.toThrow("never")
    const just = new AbortController()
    void come("x", "just", just.signal)
    leave("holder")
    await turn()
    expect(inside).toEqual(["holder", "next"])
    leave("next")
    just.abort(new Error("too late to matter"))
    await turn()
    expect(inside).toEqual(["holder", "next", "just"])
    leave("just")
    void come("x", "last")
    await turn()
    expect(inside.at(-1)).toBe("last")
  })

  it("are given back without a touch of what belongs to who waits: the runtime refuses that across requests", async () => {
    const { take } = slots(1, 1)
    const release = await take("x", patient())
    let isElsewhere = false
    const refused = () => {
      if (isElsewhere) throw new Error("Cannot perform I/O on behalf of a different request")
    }
    const signal = new Proxy(patient(), {
      get: (target, name) => {
        refused()
        const value: unknown = Reflect.get(target, name)
        return typeof value === "function" ? (value.bind(target) as unknown) : value
      },
    })
    const waiting = take("x", signal)
    isElsewhere = true
    release()
    isElsewhere = false
    const next = await waiting
    next()
    expect(typeof (await take("x", patient()))).toBe("function")
  })

  it("come back by themselves when whoever had them, or was to have them, is gone", async () => {
    vi.useFakeTimers()
    const { take } = slots(1, 1)
    await take("x", patient(), 30_000)
    const waiting = take("x", patient(), 30_000)
    await vi.advanceTimersByTimeAsync(29_000)
    let isIn = false
    void waiting.then(() => (isIn = true))
    await vi.advanceTimersByTimeAsync(500)
    expect(isIn).toBe(false)
    await vi.advanceTimersByTimeAsync(1_500)
    expect(isIn).toBe(true)
    vi.useRealTimers()
  })

  it("pass over who was given one and did not come for it", async () => {
    vi.useFakeTimers()
    const { take } = slots(1, 1)
    const release = await take("x", patient())
    // Its request is ended while it waits: none of its timers goes on.
    const { setTimeout: real } = globalThis
    vi.stubGlobal("setTimeout", () => 0)
    void take("x", patient())
    vi.stubGlobal("setTimeout", real)
    release()
    const next = take("x", patient())
    await vi.advanceTimersByTimeAsync(11_000)
    expect(typeof (await next)).toBe("function")
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })
})
