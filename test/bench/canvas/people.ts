import { setTimeout as sleep } from "node:timers/promises"

/** Somebody who has the canvas open and moves the pointer all the time. */
export interface Person {
  /** Moves the pointer; drags a node when that is theirs to do. */
  tick(now: number): void
  leave(): void
}

/** What one process of people has said and heard; times are of the machine's one clock, ms. */
export class Tally {
  /** Edits by name, and when they were said. */
  readonly said: [string, number][] = []
  /** Edits by name, and when one of those who read everything had read them. */
  readonly heard: [string, number][] = []
  upBytes = 0
  downBytes = 0
  /** People whom the server has closed. */
  closed = 0

  say(name: string, bytes: number): void {
    this.said.push([name, clock()])
    this.upBytes += bytes
  }

  hear(name: string, at: number): void {
    this.heard.push([name, at])
  }
}

/** A clock that all processes of the machine share, ms. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6

const hertz = 20
const slots = 10

/** Everybody moves for so long, each at their own moments. Answers how late the moments came, ms. */
export async function move(all: readonly Person[], seconds: number): Promise<number[]> {
  const step = 1_000 / hertz
  const end = performance.now() + seconds * 1_000
  const late: number[] = []
  // Each person has a slot of the interval: all at once is not how people move.
  for (let tick = performance.now(); tick < end; tick += step) {
    for (let slot = 0; slot < slots; slot++) {
      const due = tick + (slot * step) / slots
      const wait = due - performance.now()
      await (wait > 1 ? sleep(wait) : new Promise((resolve) => setImmediate(resolve)))
      const now = performance.now()
      late.push(Math.max(0, now - due))
      for (let i = slot; i < all.length; i += slots) all[i]?.tick(now)
    }
  }
  return late
}

/** Where somebody's hand is at a moment. */
export const handAt = (now: number): { x: number; y: number } => ({
  x: Math.floor(now) % 1_900,
  y: Math.floor(now / 3) % 900,
})
