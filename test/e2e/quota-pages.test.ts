import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newState, Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inTurn } from "./kit/in-turn.ts"
import { password, publish, register, sum, type Tenant } from "./kit/world.ts"

let server: Server
let browser: Browser
let operator: Page
let member: Page
let acme: Tenant

const signedIn = async (email: string, secret: string): Promise<Page> => {
  const { page } = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  await page.emulateMedia({ reducedMotion: "reduce" })
  await page.goto("/login")
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(secret)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.waitForURL("**/flows")
  return page
}

beforeAll(async () => {
  server = await Server.start({ state: newState(), settings: { EDGECREW_SEED: "1" } })
  browser = await launch()
  acme = await register(await Client.of(server.address), "acme")
  await publish(acme.admin, sum("Sums"))
  operator = await signedIn("demo@edgecrew.local", server.password ?? "")
  member = await signedIn(acme.email, password)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

describe("quotas", () => {
  inTurn()

  it("are set by the operator on a tenant's page", async () => {
    await operator.goto(`/admin/tenants/${acme.id}`)
    const quotas = operator.getByRole("region", { name: "Quotas" })
    await quotas.getByText("1 of 1,000,000").waitFor()
    await quotas.getByRole("button", { name: "Set quotas" }).click()
    const dialog = operator.getByRole("dialog")
    await dialog.getByLabel("Flows", { exact: true }).fill("-1")
    await dialog.getByRole("button", { name: "Set quotas" }).click()
    await dialog.getByText("Use 0 or more").waitFor()
    await dialog.getByLabel("Flows", { exact: true }).fill("1")
    await dialog.getByLabel("Data (GB)", { exact: true }).fill("0.5")
    await dialog.getByLabel("No limit of Executions a day").check()
    await settle(operator)
    expect(await violationsOf(operator)).toEqual([])
    await dialog.getByRole("button", { name: "Set quotas" }).click()
    await quotas.getByText("1 of 1", { exact: true }).waitFor()
    await quotas.getByText("of 500 MB").waitFor()
    await quotas.getByText("Nothing left").waitFor()
    await settle(operator)
    expect(await violationsOf(operator)).toEqual([])
  })

  it("are seen by the tenant's people, who are told what to do", async () => {
    await member.goto("/settings/quotas")
    await member.getByText("1 of 1", { exact: true }).waitFor()
    await expect.poll(() => member.getByRole("meter").count()).toBeGreaterThanOrEqual(3)
    await settle(member)
    expect(await violationsOf(member)).toEqual([])
    const made = await acme.admin.send("POST", "/flows", { body: sum("Another") })
    expect([made.status, made.body]).toMatchObject([402, { code: "quota.full", quota: "flows", limit: 1 }])
    await member.setViewportSize(phone)
    await settle(member)
    expect(await overflowOf(member)).toBe(0)
  })
})
