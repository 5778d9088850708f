import { expect, it } from "vitest"
import { LostCode, pageCode } from "./page-code.ts"

it("hands on the code of a page", async () => {
  expect(await pageCode(async () => ({ Page: 1 }))).toEqual({ Page: 1 })
})

it("does not let the router take a lost page for a reason to reload", async () => {
  const lost = new TypeError("Failed to fetch dynamically imported module: https://x/assets/flows.js")
  const error: unknown = await pageCode(() => Promise.reject(lost)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(LostCode)
  // The router reloads the window on messages that begin like the browser's own.
  expect(error).toMatchObject({ message: expect.not.stringMatching(/module/i), cause: lost })
})
