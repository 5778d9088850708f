import { describe, expect, it } from "vitest"
import { Simulation } from "#test/kit/canvas/simulation"

/** `CANVAS_SEED=17` plays that schedule alone; `CANVAS_SCHEDULES=1000` as many as the figure asks for. */
const only = process.env["CANVAS_SEED"]
const many = Number(process.env["CANVAS_SCHEDULES"] ?? 60)

describe("eight people who edit one flow", () => {
  it("[CA1] have equal graphs in the end, whatever the lines and the server do to them", () => {
    const seeds = only === undefined ? Array.from({ length: many }, (_, i) => i + 1) : [Number(only)]
    const faults = seeds.flatMap((seed) => {
      const simulation = new Simulation(seed)
      simulation.play(600)
      return simulation.faults().map((fault) => `CANVAS_SEED=${seed}: ${fault}`)
    })
    expect(faults).toEqual([])
  }, 900_000)
})
