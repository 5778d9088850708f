import { describe, expect, it } from "vitest"
import { templates } from "#core/flow/templates"
import { kindsIn, matching } from "./gallery.ts"

const names = (search: string) => matching(templates, search).map((one) => one.id)

describe("the gallery", () => {
  it("shows everything until something is searched", () => {
    expect(names("  ")).toEqual(templates.map((one) => one.id))
  })

  it("finds by name, description and kinds of steps, and wants every word", () => {
    expect(names("TRIAGE mail")).toContain("triage")
    expect(
      names("approval").every(
        (id) =>
          templates.find((one) => one.id === id)!.flow.nodes.some((node) => node.type === "approval") ||
          id === "approval",
      ),
    ).toBe(true)
    expect(names("approval")).not.toEqual([])
    expect(names("triage submarine")).toEqual([])
  })

  it("names the kinds of steps once, without what every flow has", () => {
    for (const one of templates) expect(kindsIn(one)).not.toContain("Input")
  })
})
