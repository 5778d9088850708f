import { setTimeout as sleep } from "node:timers/promises"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { membersApi } from "#core/contract/members"
import { startFresh, type Server } from "#test/kit/server"
import { desk, launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inControl } from "./kit/control.ts"
import { inTurn } from "./kit/in-turn.ts"
import { Keys } from "./kit/keys.ts"
import { signIn } from "./kit/sign-in.ts"
import { password, register, unique, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let stranger: Client
let acme: Tenant
let admin: Page
let keys: Keys

async function arrive(size = desk): Promise<Page> {
  const { page } = await Visitor.arrive(browser, server.address, size)
  await page.emulateMedia({ reducedMotion: "reduce" })
  return page
}

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  stranger = await Client.of(server.address)
  acme = await register(stranger)
  admin = await arrive()
  keys = new Keys(admin)
  await signIn(admin, acme)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

/** Right by axe, and no wider than the screen, at a desk and on a phone. */
async function isFit(page: Page): Promise<void> {
  const size = page.viewportSize() ?? desk
  for (const view of [desk, phone]) {
    await page.setViewportSize(view)
    await settle(page)
    expect(await violationsOf(page)).toEqual([])
    expect(await overflowOf(page)).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize(size)
}

async function invite(email: string, tenant = acme): Promise<string> {
  const { invite_url } = await tenant.admin.ask(membersApi.invite.reply, "POST", "/users/invite", {
    body: { email, role: "editor" },
  })
  return invite_url
}

const heading = (page: Page, name: string | RegExp) => page.getByRole("heading", { name, level: 1 })
const hashOf = (url: string): string => new URL(url).hash

describe("an invitation, by keyboard", () => {
  inTurn()
  const email = `${unique("bo")}@example.com`
  let link = ""

  it("is made in a dialog, and its link shown this once", async () => {
    await admin.goto("/settings/members")
    await settle(admin)
    await isFit(admin)
    await keys.do("button", "Invite")
    await keys.trapped("Invite somebody")
    await isFit(admin)
    await keys.write("Email", "nobody")
    await keys.press("Enter")
    await keys.refused("Email", /email address/)
    await keys.write("Email", email)
    await keys.press("Enter")
    const shown = admin.getByLabel("Link of the invitation")
    link = (await shown.textContent()) ?? ""
    expect(link).toMatch(/\/invite#eci_/)
    await isFit(admin)
    await keys.do("button", "I have copied it")
    await admin.goto("/settings/members?tab=invitations")
    await admin.getByRole("row", { name: email }).waitFor()
    await isFit(admin)
  })

  it("is accepted by who has no account yet", async () => {
    const page = await arrive()
    await page.goto(link)
    await heading(page, `Join The ${acme.slug} company`).waitFor()
    await isFit(page)
    const bo = new Keys(page)
    await bo.write(
      "Name",
      "Bo with a name that is so long that no column of any table has room for all of it, ever",
    )
    await bo.secret("Password", password)
    await page.keyboard.press("Enter")
    await page.waitForURL("**/flows")
    await page.context().close()
  })

  it("is then used, which its page says", async () => {
    const page = await arrive()
    await page.goto(link)
    await heading(page, "This invitation was used").waitFor()
    await isFit(page)
    await page.goto("/invite#eci_short")
    await page.reload()
    await heading(page, "This link is not valid").waitFor()
    await page.context().close()
  })

  it("has made a member, whose role is changed", async () => {
    await admin.goto("/settings/members")
    const row = admin.getByRole("row", { name: /^Bo with/ })
    await row.waitFor()
    await isFit(admin)
    await keys.row(/^Bo with/)
    await keys.to("button", /^Actions for Bo/)
    await keys.menu("Change role…")
    await keys.trapped(/^Role of Bo/)
    await isFit(admin)
    await keys.to("radio", "Editor")
    await keys.press("ArrowDown", "Enter")
    await row.getByText("Executor").waitFor()
  })

  it("and who is removed when the address is typed", async () => {
    await keys.row(/^Bo with/)
    await keys.to("button", /^Actions for Bo/)
    await keys.menu("Remove…")
    await keys.trapped(/^Remove Bo/, "alertdialog")
    await isFit(admin)
    await keys.write(/to confirm$/, email)
    await keys.press("Enter")
    await admin.getByRole("row", { name: /^Bo with/ }).waitFor({ state: "detached" })
  })
})

describe("the page of an invitation", () => {
  it("joins who is signed in as who is invited", async () => {
    const own = await register(stranger, "own")
    const link = await invite(own.email)
    const page = await arrive()
    await signIn(page, own)
    await page.goto(link)
    await isFit(page)
    await page.getByRole("button", { name: `Join The ${acme.slug} company` }).click()
    await page.waitForURL("**/flows")
    await page.getByText(`The ${acme.slug} company`).first().waitFor()
    await page.context().close()
  })

  it("tells another account so, and offers the way out", async () => {
    const other = await register(stranger, "other")
    const link = await invite(`${unique("else")}@example.com`)
    const page = await arrive()
    await signIn(page, other)
    await page.goto(link)
    await page.getByRole("alert").getByText(other.email).waitFor()
    await isFit(page)
    await page.getByRole("button", { name: "Sign out and go on" }).click()
    await page.getByLabel("Password", { exact: true }).waitFor()
    expect(new URL(page.url()).hash).toBe(hashOf(link))
    await page.context().close()
  })

  it("takes the password of an account that is there, and says when it is wrong", async () => {
    const own = await register(stranger, "known")
    const page = await arrive()
    await page.goto(await invite(own.email))
    await page.getByText("I have an account").click()
    const secret = page.getByLabel("Password", { exact: true })
    await secret.fill("not-the-password-77")
    await page.keyboard.press("Enter")
    await page.getByText("The email address or the password is wrong.").waitFor()
    await isFit(page)
    await secret.fill(password)
    await page.keyboard.press("Enter")
    await page.waitForURL("**/flows")
    await page.context().close()
  })

  it("says that it has expired", async () => {
    const email = `${unique("late")}@example.com`
    const link = await invite(email)
    inControl(server, (database) =>
      database
        .prepare("update invitations set expires_at = '2020-01-01T00:00:00.000Z' where email = ?")
        .run(email),
    )
    const page = await arrive()
    await page.goto(link)
    await heading(page, "This invitation has expired").waitFor()
    await isFit(page)
    await admin.goto("/settings/members?tab=invitations")
    await admin.getByRole("row", { name: email }).getByText("Expired").waitFor()
    await page.context().close()
  })
})

describe("the members page", () => {
  it("has no invitations, and shows what went wrong with another try", async () => {
    const own = await register(stranger, "empty")
    const page = await arrive()
    await signIn(page, own)
    await page.goto("/settings/members?tab=invitations")
    await page.getByText("Nobody is invited").waitFor()
    await isFit(page)
    await page.route("**/api/v1/users?*", (route) => route.abort())
    await page.goto("/settings/members")
    await page.getByRole("button", { name: "Try again" }).waitFor()
    await isFit(page)
    await page.unroute("**/api/v1/users?*")
    await page.getByRole("button", { name: "Try again" }).click()
    await page.getByRole("row", { name: /^empty/ }).waitFor()
    await page.context().close()
  })

  it("shows a thousand members as they are scrolled to, and finds one of them", async () => {
    const big = await register(stranger, "big")
    inControl(server, (database) => {
      const at = new Date().toISOString()
      const person = database.prepare(
        "insert into identities (id, email, name, password_hash, preferences, created_at, updated_at) values (?, ?, ?, 'none', '{}', ?, ?)",
      )
      const member = database.prepare(
        "insert into memberships (identity_id, tenant_id, role, status, created_at) values (?, ?, 'viewer', 'active', ?)",
      )
      database.exec("begin")
      for (let i = 1; i <= 1_000; i++) {
        const id = `user_01JD${String(i).padStart(22, "0")}`
        const name = `Member ${String(i).padStart(4, "0")} ${"of a very long name ".repeat(i % 7)}`.trim()
        person.run(id, `member-${i}@${big.slug}.example.com`, name, at, at)
        member.run(id, big.id, at)
      }
      database.exec("commit")
    })
    const page = await arrive()
    await signIn(page, big)
    await page.goto("/settings/members")
    const grid = page.getByRole("grid", { name: "Members" })
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("1002")
    await isFit(page)
    expect(await page.getByRole("row").count()).toBeLessThan(150)
    for (let scrolls = 0; scrolls < 60; scrolls++) {
      await grid.hover()
      await page.mouse.wheel(0, 3_000)
      await sleep(60)
      if ((await page.getByRole("row", { name: /^Member 1000/ }).count()) > 0) break
    }
    await page.getByRole("row", { name: /^Member 1000/ }).waitFor()
    await page.getByRole("searchbox", { name: "Search members" }).fill("0777")
    await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("2")
    await page.getByRole("row", { name: /^Member 0777/ }).waitFor()
    await page.context().close()
  })
})

describe("what needs a recent password", () => {
  inTurn()

  it("asks for it in the middle of what was done, and goes on", async () => {
    inControl(server, (database) =>
      database
        .prepare("update sessions set proven_at = '2020-01-01T00:00:00.000Z' where identity_id = ?")
        .run(acme.user),
    )
    // The server remembers a session for some seconds.
    await sleep(5_200)
    await admin.goto("/settings/members?invite=true")
    const email = `${unique("proof")}@example.com`
    await keys.write("Email", email)
    await keys.press("Enter")
    await keys.trapped("Confirm that it is you")
    await isFit(admin)
    await keys.secret("Password", "not-the-password-77")
    await admin.keyboard.press("Enter")
    await admin
      .getByText(/not your password|password is wrong/)
      .first()
      .waitFor()
    await keys.secret("Password", password)
    await admin.keyboard.press("Enter")
    await admin.getByLabel("Link of the invitation").waitFor()
    await keys.do("button", "I have copied it")
  })

  it("says so when nobody gives it", async () => {
    inControl(server, (database) =>
      database
        .prepare("update sessions set proven_at = '2020-01-01T00:00:00.000Z' where identity_id = ?")
        .run(acme.user),
    )
    await sleep(5_200)
    await admin.goto("/settings/members?invite=true")
    await keys.write("Email", `${unique("proof")}@example.com`)
    await keys.press("Enter")
    await admin.getByRole("dialog", { name: "Confirm that it is you" }).waitFor()
    await admin.keyboard.press("Escape")
    await admin
      .getByRole("alert")
      .getByText(/needs your password/)
      .waitFor()
    await isFit(admin)
  })
})

describe("a forgotten password", () => {
  it("is asked for by an address, and an admin's link sets a new one", async () => {
    const page = await arrive()
    await page.goto("/login")
    await page.getByRole("link", { name: "Forgot your password?" }).click()
    await isFit(page)
    await page.getByLabel("Email").fill("nobody@example.com")
    await page.keyboard.press("Enter")
    await page.getByText(/a mail with a link is on its way/).waitFor()
    await isFit(page)
    const email = `${unique("cy")}@example.com`
    const tenant = await register(stranger, "forgetful")
    await page.goto(await invite(email, tenant))
    await page.getByLabel("Password", { exact: true }).fill(password)
    await page.keyboard.press("Enter")
    await page.waitForURL("**/flows")

    const boss = await arrive()
    await signIn(boss, tenant)
    await boss.goto(`/settings/members?q=${encodeURIComponent(email)}`)
    const her = new Keys(boss)
    await her.row(/^cy-/)
    await her.to("button", /^Actions for cy-/)
    await her.menu("New password…")
    await her.do("button", "Make a link")
    const link = (await boss.getByLabel("Link to set a password").textContent()) ?? ""
    await isFit(boss)
    await page.goto(link)
    await isFit(page)
    await page.getByLabel("New password").fill("cobalt-fern-lantern-12")
    await page.keyboard.press("Enter")
    await heading(page, "Your new password is set").waitFor()
    await isFit(page)
    await page.getByRole("link", { name: "Sign in" }).click()
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password", { exact: true }).fill("cobalt-fern-lantern-12")
    await page.keyboard.press("Enter")
    await page.waitForURL("**/flows")
  })
})
