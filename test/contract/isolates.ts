import { expect, it } from "vitest"
import type { Json, JsonObject } from "#core/json"
import { ProgramFailure, type ProgramStream } from "#core/tool/program"
import type { TenantId } from "#core/ids"
import type { ProgramPlace } from "#worker/tools/place"

export type IsolateWorld = {
  place: () => ProgramPlace
  /** Whether an endless loop and a memory bomb are ended there. workerd on a machine of our own ends neither. */
  isLimited: boolean
}

const tenant = "tenant_01JD0000000000000000000000" as TenantId
let calls = 0

/** What every place must keep to in which functions are called. */
export function isolateContract({ place, isLimited }: IsolateWorld): void {
  const call = async (
    source: string,
    input: Json = null,
    more: { context?: JsonObject; wall_ms?: number } = {},
  ) => {
    const printed: [ProgramStream, string][] = []
    const program = {
      kind: "isolate" as const,
      source,
      input,
      context: more.context ?? {},
      limits: { wall_ms: more.wall_ms ?? 5_000 },
    }
    const run_key = `contract:${Date.now()}:${calls++}`
    const job = { program, tenant, run_key, idempotency_key: run_key }
    const { result } = await place().run(job, new AbortController().signal, (...said) => printed.push(said))
    return { result, printed }
  }
  const resultOf = async (...given: Parameters<typeof call>) => (await call(...given)).result
  const failureOf = async (...given: Parameters<typeof call>): Promise<[string, string]> => {
    try {
      const { result } = await call(...given)
      return ["no failure", JSON.stringify(result)]
    } catch (error) {
      if (!(error instanceof ProgramFailure)) throw error
      return [error.code, error.message]
    }
  }

  it("[IS1] calls the function with its input and its context", async () => {
    const source = "export default (input, context) => ({ sum: input.a + context.b })"
    expect(await resultOf(source, { a: 2 }, { context: { b: 3 } })).toEqual({ sum: 5 })
  })

  it("[IS2] waits for promises, and takes nothing for null", async () => {
    expect(await resultOf("export default async (input) => (await Promise.resolve(input)) + 1", 41)).toBe(42)
    expect(await resultOf("export default () => {}")).toBeNull()
    expect(await resultOf("const f = (a) => [a, 'ä😀']\nexport { f as default }", "é")).toEqual(["é", "ä😀"])
  })

  it("[IS3] tells what it prints, by stream", async () => {
    const source = "export default () => { console.log('one', { a: 1 }); console.error('two'); return 1 }"
    const { printed } = await call(source)
    const of = (stream: ProgramStream) =>
      printed.flatMap(([one, text]) => (one === stream ? [text] : [])).join("")
    expect(of("stdout")).toMatch(/^one \{.*a.*1.*\}\n$/)
    expect(of("stderr")).toBe("two\n")
  })

  it("[IS4] fails with the words of what was thrown", async () => {
    expect(await failureOf("export default () => { throw new RangeError('too far') }")).toEqual([
      "tool.exit",
      "RangeError: too far",
    ])
    expect((await failureOf("export default () => nobody"))[1]).toContain("nobody is not defined")
  })

  it("[IS5] fails for code that is none", async () => {
    expect((await failureOf("export default ("))[0]).toBe("tool.exit")
    expect(await failureOf("export default 7")).toEqual([
      "tool.exit",
      "The code exports no function by default.",
    ])
    expect((await failureOf("export const a = () => 1"))[0]).toBe("tool.exit")
  })

  it("[IS6] fails for a result that cannot be passed on", async () => {
    expect((await failureOf("export default () => 1n"))[0]).toBe("tool.bad_result")
    expect((await failureOf("export default () => { const a = {}; a.a = a; return a }"))[0]).toBe(
      "tool.bad_result",
    )
    expect((await failureOf("export default () => 'x'.repeat(5_000_000)"))[0]).toBe("tool.bad_result")
  })

  it.each([
    ["process", "export default () => typeof process"],
    ["require", "export default () => typeof require"],
    ["Buffer", "export default () => typeof Buffer"],
  ])("[IS7] knows no %s", async (_, source) => {
    expect(await resultOf(source)).toBe("undefined")
  })

  it.each(["node:fs", "fs", "./other.js", "https://example.com/a.js", "node:child_process"])(
    "[IS8] imports nothing: %s",
    async (name) => {
      expect((await failureOf(`export default async () => Object.keys(await import("${name}"))`))[0]).toBe(
        "tool.exit",
      )
      expect((await failureOf(`import "${name}"\nexport default () => 1`))[0]).toBe("tool.exit")
    },
  )

  it("[IS9] reaches no network", async () => {
    const source =
      "export default async () => { try { return (await fetch('http://127.0.0.1:9/')).status } catch { return 'none' } }"
    expect(await resultOf(source)).toBe("none")
  })

  it("[IS10] ends a call that never ends", async () => {
    expect((await failureOf("export default () => new Promise(() => {})", null, { wall_ms: 300 }))[0]).toBe(
      "tool.timeout",
    )
  })

  it("[IS11] ends when it is told to", async () => {
    const stop = new AbortController()
    const program = {
      kind: "isolate" as const,
      source: "export default () => new Promise(() => {})",
      input: null,
      context: {},
      limits: { wall_ms: 20_000 },
    }
    const run_key = `contract:${Date.now()}:${calls++}`
    const ended = place().run({ program, tenant, run_key, idempotency_key: run_key }, stop.signal, () => {})
    setTimeout(() => stop.abort(new Error("enough")), 100)
    await expect(ended).rejects.toThrow("enough")
  })

  it.runIf(isLimited)("[IS12] ends an endless loop, and goes on serving", async () => {
    const [code] = await failureOf("export default () => { for (;;); }", null, { wall_ms: 1_000 })
    expect(["tool.timeout", "tool.cpu_limit"]).toContain(code)
    expect(await resultOf("export default () => 1")).toBe(1)
  })

  it.runIf(isLimited)("[IS13] ends a memory bomb, and goes on serving", async () => {
    const source =
      "export default () => { const all = []; for (;;) all.push(new Uint8Array(8_000_000).fill(1)) }"
    const [code] = await failureOf(source)
    expect(["tool.memory_limit", "tool.exit"]).toContain(code)
    expect(await resultOf("export default () => 1")).toBe(1)
  })
}
