import { expect, it } from "vitest"
import { buildChanged } from "../../../scripts/lib/build.ts"
import { editedByBrowsers } from "./browsers.ts"
import { tellBrowsers } from "./tell.ts"

it("three browsers end with one flow and every acknowledged edit, whatever happens to lines and server", async () => {
  await buildChanged(["pages", "worker"])
  const report = await editedByBrowsers({
    browsers: 3,
    seconds: 30,
    seed: 7,
    killEvery: 8,
    partitionEvery: 5,
  })
  expect(tellBrowsers(report)).toEqual([])
  expect(report.kills).toBeGreaterThan(0)
  expect(report.lookedFor).toBeGreaterThan(0)
})
