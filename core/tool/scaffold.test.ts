import { spawnSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { schemaFaults } from "#core/json-schema"
import type { JsonObject } from "#core/json"
import { sampleOf } from "./sample.ts"
import { scaffolds } from "./scaffold.ts"
import { toolFaults } from "./validate.ts"

/** How each runtime begins a program. */
const commands: Record<string, [string, ...string[]]> = {
  python: ["python3", "-c"],
  node: ["node", "--input-type=module", "-e"],
  bash: ["bash", "-c"],
}

describe("a scaffold", () => {
  it.each(scaffolds.map((one) => [one.id, one] as const))(
    "%s is a tool that works as it is",
    async (_, one) => {
      const { tool, sample_input } = one
      expect(toolFaults(tool)).toEqual([])
      expect(schemaFaults(tool.input_schema, sample_input)).toEqual([])
      let answer: unknown
      if (tool.kind === "isolate") {
        const url = `data:text/javascript,${encodeURIComponent(tool.execution_config.source)}`
        const { default: work } = (await import(/* @vite-ignore */ url)) as {
          default: (input: JsonObject) => unknown
        }
        answer = work(sample_input)
      } else if (tool.kind === "container") {
        const [command, ...args] = commands[tool.execution_config.runtime]!
        const ran = spawnSync(command, [...args, tool.execution_config.source!], {
          input: JSON.stringify(sample_input),
        })
        expect([ran.status, String(ran.stdout) + String(ran.stderr)]).toEqual([
          0,
          expect.stringContaining("counting"),
        ])
        answer = JSON.parse(String(ran.stdout).trim().split("\n").at(-1)!)
      }
      expect(answer).toEqual({ words: 2 })
    },
  )
})

describe("a sample", () => {
  it("fits its schema: what it says of itself first, else the plainest", () => {
    const object = (properties: JsonObject, more: JsonObject = {}) => ({
      type: "object",
      properties,
      required: Object.keys(properties),
      ...more,
    })
    expect(
      sampleOf(
        object(
          {
            a: { type: "string", examples: ["said"] },
            b: { type: "integer", minimum: 5 },
            c: { enum: ["x", "y"] },
            d: { type: "array", minItems: 2, items: { type: "boolean" } },
            e: { type: ["string", "null"], format: "date-time" },
            f: { $ref: "#/$defs/Deep" },
            g: { type: "number", exclusiveMinimum: 1 },
            h: { type: "string", minLength: 6, maxLength: 6 },
          },
          { $defs: { Deep: object({ n: { default: 3 } }) } },
        ),
      ),
    ).toEqual({
      a: "said",
      b: 5,
      c: "x",
      d: [true, true],
      e: "2026-01-31T12:00:00Z",
      f: { n: 3 },
      g: 1.5,
      h: "textxx",
    })
    expect(sampleOf({ type: "object", properties: { a: { type: "string" } } })).toEqual({})
    expect(sampleOf({ type: "object", properties: { a: { type: "string" } }, minProperties: 1 })).toEqual({
      a: "text",
    })
  })

  it("is none where none is found", () => {
    expect(
      sampleOf({ type: "object", properties: { a: { type: "string", pattern: "^x+$" } }, required: ["a"] }),
    ).toBeUndefined()
    expect(
      sampleOf({ type: "object", properties: { a: { $ref: "#/properties/a" } }, required: ["a"] }),
    ).toBeUndefined()
  })
})
