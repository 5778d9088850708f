import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { newState, Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inTurn } from "./kit/in-turn.ts"
import { signIn } from "./kit/sign-in.ts"
import { password, publish, register, sum, type Tenant } from "./kit/world.ts"

let server: Server
let browser: Browser
let visitor: Visitor
let page: Page
let acme: Tenant

beforeAll(async () => {
  server = await Server.start({ state: newState(), settings: { EDGECREW_SEED: "1" } })
  browser = await launch()
  const stranger = await Client.of(server.address)
  acme = await register(stranger, "acme")
  await publish(acme.admin, sum("Sums"))
  visitor = await Visitor.arrive(browser, server.address, { width: 1440, height: 900 })
  page = visitor.page
  await page.emulateMedia({ reducedMotion: "reduce" })
  await page.goto("/login")
  await page.getByLabel("Email").fill("demo@edgecrew.local")
  await page.getByLabel("Password", { exact: true }).fill(server.password ?? "")
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.waitForURL("**/flows")
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const button = (name: string) => page.getByRole("button", { name, exact: true })
const dialog = () => page.getByRole("dialog")
const row = (grid: string, hasText: RegExp) =>
  page.getByRole("grid", { name: grid }).getByRole("row").filter({ hasText })

describe("the admin panel", () => {
  inTurn()

  it("is found by who seeded the installation, and lists tenants", async () => {
    await page.getByRole("link", { name: "Admin", exact: true }).click()
    await page.waitForURL("**/admin/tenants")
    await row("Tenants", new RegExp(acme.slug)).waitFor()
    await row("Tenants", /demo/).waitFor()
    await page.getByRole("searchbox", { name: "Search tenants" }).fill(acme.slug)
    await expect.poll(() => row("Tenants", /demo/).count()).toBe(0)
    await row("Tenants", new RegExp(acme.slug)).click()
    await page.waitForURL("**/admin/tenants/tenant_*")
    await page.getByRole("grid", { name: "Members" }).getByText(acme.email).waitFor()
  })

  it("suspends a tenant with a reason, and lets it go on", async () => {
    await button("Suspend").click()
    await button("Suspend tenant").click()
    await dialog().getByText("ten characters at least").waitFor()
    await dialog().getByLabel("Reason").fill("The invoice of August is open")
    await button("Suspend tenant").click()
    await page.getByText("Suspended", { exact: true }).waitFor()
    expect((await acme.admin.send("GET", "/flows")).status).toBe(200)
    await expect
      .poll(async () => (await acme.admin.send("POST", "/flows", { body: sum("More") })).status)
      .toBe(403)
    const member = await Visitor.arrive(browser, server.address, phone)
    await signIn(member.page, acme)
    const bar = member.page.getByRole("status").filter({ hasText: "is suspended" })
    await bar.getByText("The invoice of August is open").waitFor()
    await bar.getByRole("link", { name: "demo@edgecrew.local" }).waitFor()
    await member.page.getByText("Sums").first().waitFor()
    expect(await member.page.getByRole("button", { name: "New flow" }).count()).toBe(0)
    await settle(member.page)
    expect(await violationsOf(member.page)).toEqual([])
    expect(await overflowOf(member.page)).toBe(0)
    await member.page.context().close()
    await button("Let go on").click()
    await dialog().getByLabel("Reason").fill("The invoice has been paid")
    await button("Let it go on").click()
    await page.getByText("Active", { exact: true }).first().waitFor()
    await expect.poll(async () => (await acme.admin.send("GET", "/flows")).status).toBe(200)
  })

  it("deletes a tenant by its slug, and restores it", async () => {
    await button("Delete").click()
    await dialog().getByText("For 30 days you can restore it as it was").waitFor()
    await dialog().getByLabel("Reason").fill("The contract ended in August")
    await button("Delete tenant").click()
    await dialog().getByText(`Type the slug of what is to be deleted: ${acme.slug}`).waitFor()
    await dialog().getByLabel(`Type ${acme.slug} to confirm`).fill(acme.slug)
    await button("Delete tenant").click()
    await page
      .getByText(/Deleted .* The contract ended in August\. Everything in it is there until/)
      .waitFor()
    await expect
      .poll(async () => (await acme.admin.send("GET", "/flows")).status, { timeout: 10_000 })
      .toBe(401)
    await settle(page)
    expect(await violationsOf(page)).toEqual([])
    const member = await Visitor.arrive(browser, server.address, phone)
    await member.page.goto("/login")
    await member.page.getByLabel("Email").fill(acme.email)
    await member.page.getByLabel("Password", { exact: true }).fill(password)
    await member.page.getByRole("button", { name: "Sign in", exact: true }).click()
    await member.page.getByText(/can be restored until .*\. Ask demo@edgecrew\.local/).waitFor()
    expect(await overflowOf(member.page)).toBe(0)
    await member.page.context().close()
    await page.getByRole("link", { name: "Tenants" }).first().click()
    await page.getByRole("radio", { name: "Deleted" }).check({ force: true })
    await row("Tenants", new RegExp(acme.slug)).click()
    await button("Restore").click()
    await dialog().getByLabel("Reason").fill("It was a misunderstanding")
    await button("Restore tenant").click()
    await page.getByText("Active", { exact: true }).first().waitFor()
    await expect
      .poll(async () => (await acme.admin.send("GET", "/flows")).status, { timeout: 10_000 })
      .toBe(200)
  })

  it("acts in somebody's name: sees what they see, says so on every page, and cannot change it", async () => {
    await row("Members", new RegExp(acme.email)).click({ button: "right" })
    await page.getByRole("menuitem", { name: "Act in their name…" }).click()
    await expect.poll(() => dialog().getByLabel("Change flows and agents too").isDisabled()).toBe(true)
    await dialog().getByLabel("Reason").fill("Ticket 4711: the flow does not start")
    await dialog().getByRole("button", { name: "Act in their name" }).click()
    await page.waitForURL("**/flows")
    const bar = page.getByRole("status").filter({ hasText: "You act as" })
    await bar.getByText(/reading only.*(?:29|30) minutes left/).waitFor()
    await page.getByRole("grid", { name: "Flows" }).getByText("Sums").waitFor()
    expect(await button("New flow").count()).toBe(0)
    expect(await page.getByRole("link", { name: "Admin", exact: true }).count()).toBe(0)
    await page.reload()
    await bar.waitFor()
    await settle(page)
    expect(await violationsOf(page)).toEqual([])
    const other = await visitor.open("/flows")
    await other.getByRole("grid", { name: "Flows" }).waitFor()
    expect(await other.getByRole("status").filter({ hasText: "You act as" }).count()).toBe(0)
    await other.close()
    await bar.getByRole("button", { name: "End" }).click()
    await page.waitForURL("**/admin/support")
    await row("Support", /Ticket 4711/).waitFor()
    expect(await bar.count()).toBe(0)
    expect(await page.getByText("Now", { exact: true }).count()).toBe(0)
  })

  it("makes somebody a platform admin, and takes that away", async () => {
    await page.getByRole("link", { name: "People" }).click()
    const acmeRow = row("People", /acme/)
    await acmeRow.click({ button: "right" })
    await page.getByRole("menuitem", { name: "Make a platform admin…" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Make a platform admin" }).click()
    await acmeRow.getByText("Platform admin").waitFor()
    await expect.poll(async () => (await acme.admin.send("GET", "/admin/slots")).status).toBe(200)
    await acmeRow.click({ button: "right" })
    await page.getByRole("menuitem", { name: "No longer a platform admin…" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Take it away" }).click()
    await expect.poll(() => acmeRow.getByText("Platform admin").count()).toBe(0)
    await expect
      .poll(async () => (await acme.admin.send("GET", "/admin/slots")).status, { timeout: 10_000 })
      .toBe(403)
  })

  it("shows health and databases, and switches registration off", async () => {
    await page.getByRole("link", { name: "Health" }).click()
    await page.getByText("Control database").waitFor()
    await page.getByText("Room for new tenants").waitFor()
    await page.getByRole("link", { name: "Databases" }).click()
    await row("Databases", /TENANT_DB_001/).waitFor()
    await page.getByText(/so many workspaces can still be created/).waitFor()
    await page.getByRole("link", { name: "Switches" }).click()
    const registration = page.getByRole("switch", { name: "Registration" })
    await registration.click()
    await expect.poll(() => registration.getAttribute("aria-checked")).toBe("false")
    const stranger = await Client.of(server.address)
    await expect
      .poll(
        async () =>
          (
            await stranger.send("POST", "/auth/register", {
              body: { email: "late@example.com", password, tenant_name: "Late", tenant_slug: "late-one" },
            })
          ).status,
        { timeout: 10_000 },
      )
      .toBe(403)
    await expect.poll(() => registration.isEnabled()).toBe(true)
    await registration.click()
    await expect.poll(() => registration.getAttribute("aria-checked")).toBe("true")
  })

  it("has no faults of access in either theme, and fits a phone", async () => {
    const paths = ["tenants", "people", "health", "databases", "switches", "support"].map(
      (name) => `/admin/${name}`,
    )
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" })
      for (const path of paths) {
        await page.goto(path)
        await settle(page)
        expect([path, colorScheme, await violationsOf(page)]).toEqual([path, colorScheme, []])
      }
    }
    await page.setViewportSize(phone)
    for (const path of paths) {
      await page.goto(path)
      await settle(page)
      expect([path, await overflowOf(page)]).toEqual([path, 0])
      expect([path, await violationsOf(page)]).toEqual([path, []])
    }
    expect(visitor.complaints.filter((one) => !/40[139]/.test(one))).toEqual([])
  })

  it("is not there for others", async () => {
    const stranger = await Visitor.arrive(browser, server.address)
    await stranger.page.goto("/login")
    await stranger.page.getByLabel("Email").fill(acme.email)
    await stranger.page.getByLabel("Password", { exact: true }).fill(password)
    await stranger.page.getByRole("button", { name: "Sign in", exact: true }).click()
    await stranger.page.waitForURL("**/flows")
    expect(await stranger.page.getByRole("link", { name: "Admin", exact: true }).count()).toBe(0)
    await stranger.page.goto("/admin/tenants")
    await stranger.page.getByText("There is no such page").waitFor()
  })

  it("has a workspace deleted by its own admin, who is out then", async () => {
    const own = await Visitor.arrive(browser, server.address, phone)
    await signIn(own.page, acme)
    await own.page.goto("/settings/workspace")
    const open = own.page.getByRole("button", { name: "Delete workspace", exact: true })
    await open.click()
    const ask = own.page.getByRole("alertdialog")
    await expect.poll(() => ask.getByRole("button", { name: "Delete workspace" }).isDisabled()).toBe(true)
    await ask.getByLabel(`Type ${acme.slug} to confirm`).fill(acme.slug)
    await settle(own.page)
    expect(await violationsOf(own.page)).toEqual([])
    expect(await overflowOf(own.page)).toBe(0)
    await ask.getByRole("button", { name: "Delete workspace" }).click()
    await own.page.waitForURL("**/login**")
    await page.goto("/admin/tenants?status=deleted")
    await row("Tenants", new RegExp(acme.slug)).waitFor()
  })
})
