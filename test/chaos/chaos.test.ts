import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { buildChanged, chaosFolder, workerFolder } from "../../scripts/lib/build.ts"
import { randomCancels } from "./cancels/cancels.ts"
import { faultsOf as cancelFaults, tellCancels } from "./cancels/tell.ts"
import { killedCanvas } from "./canvas/canvas.ts"
import { tellCanvas } from "./canvas/tell.ts"
import { executeCells } from "./cells/cells.ts"
import { matrix, some } from "./cells/matrix.ts"
import { tellCells } from "./cells/tell.ts"
import { among } from "./kit/figures.ts"
import { randomKills } from "./kills/kills.ts"
import { faultsOf as killFaults, tellKills } from "./kills/tell.ts"
import { crashPoints } from "./order.ts"
import { faultyModels } from "./models/models.ts"
import { tellModels } from "./models/tell.ts"
import { rotatedKeys } from "./rotation/rotation.ts"
import { tellRotation } from "./rotation/tell.ts"
import { runnerKills } from "./runner/runner.ts"
import { faultsOf as runnerFaults, tellRunner } from "./runner/tell.ts"
import { stalledReaders } from "./readers/readers.ts"
import { tellReaders } from "./readers/tell.ts"

/** Times and sizes are for `npm run chaos`; here they must only not be absurd. */
const leniency = 5
const most = (values: readonly number[]): number => Number(among(values, 1))

describe("a server that is killed", () => {
  it("at random loses no event, does no effect twice and leaves nothing stuck", async () => {
    const report = await randomKills({ executions: 16, kills: 20, dark: 1 })
    tellKills(report)
    expect(killFaults(report)).toEqual([])
    expect(report.kills).toBe(20)
    // What was never seen is `NaN`, which is not less than anything.
    expect(most(report.recovery)).toBeLessThan(5_000 * leniency)
    expect(most(report.darkRecovery)).toBeLessThan(5_000 * leniency)
    expect(most(report.resume)).toBeLessThan(2_000 * leniency)
  })

  it("at a crash point comes to the same as one that is left alone, whatever the step", async () => {
    const report = await executeCells(some(matrix()))
    expect(tellCells(report)).toEqual([])
    expect(report.same).toBe(report.cells)
  })
})

describe("a sandbox runner that is killed", () => {
  it("leaves nothing behind, does no effect twice, and no late result of its counts", async () => {
    const report = await runnerKills({ kills: 20 })
    tellRunner(report)
    expect(runnerFaults(report)).toEqual([])
    const { runner, family, server } = report.kills
    expect(runner + family + server).toBe(20)
    expect(report.givenUp).toBe(0)
    expect(report.freezes).toBe(2)
    expect(report.executions).toBeGreaterThanOrEqual(6)
  }, 900_000)
})

describe("a cancel at any moment", () => {
  it("ends the execution, and the outside sees nothing of it any more", async () => {
    const report = await randomCancels(100)
    tellCancels(report)
    expect(cancelFaults(report)).toEqual([])
    expect(most(report.terminal)).toBeLessThan(2_000 * leniency)
  })
})

describe("a vendor of whom three answers of ten come to nothing", () => {
  it("leaves every execution at an end, the ledger exact to the token, and no tool called by half an answer", async () => {
    const report = await faultyModels(100)
    expect(tellModels(report)).toEqual([])
    expect(report.calls).toBeGreaterThanOrEqual(100)
  })
})

describe("keys that are changed while they are used", () => {
  it("fail no call, the tenant's and the installation's, and no secret is found anywhere", async () => {
    const report = await rotatedKeys(200)
    expect(tellRotation(report)).toEqual([])
    expect(report.calls).toBeGreaterThanOrEqual(200)
    expect(report.tenantRotations).toBeGreaterThan(5)
    expect(report.installationRotations).toBe(2)
    expect(report.answers).toBeGreaterThan(100)
  })
})

describe("readers who stall", () => {
  it("cost the server little, and others nothing", async () => {
    const report = await stalledReaders(50)
    tellReaders(report)
    expect(report.cut).toEqual([])
    // A process's memory is swept when it likes; one paused reader that was not held back took 330 MB.
    expect(report.stalledMb - report.calmMb).toBeLessThan(64 * leniency)
    expect(most(report.stalledLate)).toBeLessThan(1_000 * leniency)
  })
})

describe("a canvas whose server is killed while eight people edit", () => {
  it("loses nothing that it acknowledged, and shows everybody the same", async () => {
    const report = await killedCanvas(6)
    expect(tellCanvas(report)).toEqual([])
    expect(report.acknowledged).toBeGreaterThan(50)
  })
})

describe("crash points", () => {
  it("are left out of what is deployed, each by its name", async () => {
    await buildChanged(["worker", "chaos"])
    const deployed = readFileSync(join(workerFolder, "index.js"), "utf8")
    const chaotic = readFileSync(join(chaosFolder, "index.js"), "utf8")
    const named = (text: string): string[] =>
      crashPoints.filter((point) => text.includes(`crashpoint?.("${point}"`))
    expect(named(chaotic)).toEqual(crashPoints)
    expect(crashPoints.filter((point) => deployed.includes(`"${point}"`))).toEqual([])
    expect(deployed).not.toContain("crashpoint")
  })

  it("are more than 150 places to die at, each point and each kind of step among them", () => {
    const cells = matrix()
    expect(cells.length).toBeGreaterThanOrEqual(150)
    const points = new Set(cells.flatMap(({ orders }) => orders.map(({ point }) => point)))
    expect([...points].toSorted()).toEqual(crashPoints.toSorted())
    const short = some(cells)
    expect(new Set(short.map(({ variant }) => variant))).toEqual(new Set(cells.map(({ variant }) => variant)))
    expect(new Set(short.flatMap(({ orders }) => orders.map(({ point }) => point)))).toEqual(points)
  })
})
