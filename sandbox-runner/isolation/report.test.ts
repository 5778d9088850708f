import { describe, expect, it } from "vitest"
import { RunLimits } from "../../core/contract/sandbox.ts"
import { Report } from "./report.ts"

function read(chunks: readonly string[], limits: Partial<RunLimits> = {}) {
  const report = new Report()
  const told = { ended: 0, stopped: 0 }
  report.arm(
    RunLimits.parse(limits),
    () => told.ended++,
    () => told.stopped++,
  )
  for (const chunk of chunks) report.push(Buffer.from(chunk, "latin1"))
  return { report, told }
}

const times = "0m0.01s 0m0.02s\n1m1.50s 0m0.25s\n"

describe("[SB6] what a supervisor says", () => {
  it("is read whole, in any pieces", () => {
    const all = `begin\nready\nexit 3\n${times}tar\xff\0`
    for (const chunks of [[all], all.split(""), [all.slice(0, 9), all.slice(9)]]) {
      const { report, told } = read(chunks)
      expect(report).toMatchObject({ begun: true, code: 3, cpuMs: 61_750, truncated: false })
      expect(report.archive()?.toString("latin1")).toBe("tar\xff\0")
      expect(told).toEqual({ ended: 1, stopped: 0 })
    }
  })

  it("has begun before it has ended", () => {
    expect(read(["begin\n"]).report).toMatchObject({ begun: true, code: null })
    expect(read([]).report).toMatchObject({ begun: false, code: null })
    expect(read([`begin\nexit 0\n${times}`]).report.archive()).toBeNull()
  })

  it("is not believed when it says something else", () => {
    for (const words of [
      "exit 0\n",
      "begin\nexit -1\n",
      "begin\nexit 1000\n",
      `begin\nexit 0\n${"x".repeat(400)}`,
    ]) {
      const { report, told } = read([words])
      expect(report.code, words).toBeNull()
      expect(told.ended).toBe(0)
    }
    expect(read(["x".repeat(1_000), "begin\n"])).toMatchObject({
      told: { stopped: 1 },
      report: { begun: false },
    })
  })

  it("is cut where the limits could need no more", () => {
    const { report, told } = read([`begin\nexit 0\n${times}`, "x".repeat(20_000), "y".repeat(20_000)], {
      artifact_bytes: 1_000,
      artifact_files: 0,
    })
    expect(report.truncated).toBe(true)
    expect(report.archive()?.length).toBe(20_000)
    expect(told.stopped).toBe(1)
  })
})
