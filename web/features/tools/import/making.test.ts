import { expect, it } from "vitest"
import type { Tool } from "#core/contract/tools"
import { Failure } from "#core/errors"
import { makeTools } from "./making.ts"
import { rowsOf, type Offer, type OfferRow } from "./offer.ts"

const rows = (count: number): OfferRow[] => {
  const offers = Array.from({ length: count }, (_, i): Offer => ({
    key: `op-${i}`,
    method: "GET",
    place: "/",
    title: "",
    tags: [],
    deprecated: false,
    tool: {
      name: `tool_${i}`,
      description: "",
      risk: "read",
      needs_approval: false,
      arguments: [],
      taken: false,
    },
    problems: [],
    notes: [],
    security: [],
    schema: null,
    hints: undefined,
  }))
  const chosen = new Set(offers.map(({ key }) => key))
  return rowsOf(offers, { chosen, settled: new Map(), refused: new Map() }, [])
}

const toolsOf = (batch: readonly OfferRow[]) => batch.map(({ name }) => ({ name }) as Tool)

it("more tools than one request takes are made by several, one after the other", async () => {
  const sizes: number[] = []
  const told: number[] = []
  const { made, failure } = await makeTools(
    rows(120),
    (batch) => {
      sizes.push(batch.length)
      return Promise.resolve(toolsOf(batch))
    },
    (count) => told.push(count),
  )
  expect(sizes).toEqual([50, 50, 20])
  expect(told).toEqual([50, 100, 120])
  expect(made.at(-1)).toEqual({ key: "op-119", tool: { name: "tool_119" } })
  expect(failure).toBeNull()
})

it("what is refused is said of the one that it concerns, and what was made before is told", async () => {
  const errors = [{ path: "operations.3.name", message: "Another tool is called tool_53." }]
  const outcome = await makeTools(
    rows(120),
    (batch) =>
      batch[0]?.name === "tool_50"
        ? Promise.reject(new Failure("request.invalid", { errors }))
        : Promise.resolve(toolsOf(batch)),
    () => undefined,
  )
  expect(outcome.made).toHaveLength(50)
  expect([...outcome.refused]).toEqual([["op-53", "Another tool is called tool_53."]])
  expect(outcome.failure).toBeNull()
})

it("a failure that concerns none of them is told as it is", async () => {
  const failure = new Failure("tool.unreachable", { errors: [{ path: "url", message: "It answered 500." }] })
  const outcome = await makeTools(
    rows(2),
    () => Promise.reject(failure),
    () => undefined,
  )
  expect(outcome).toEqual({ made: [], refused: new Map(), failure })
})
