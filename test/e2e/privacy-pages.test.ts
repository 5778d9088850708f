import { readFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { authApi } from "#core/contract/auth"
import { privacyApi } from "#core/contract/privacy"
import { startFresh, type Server } from "#test/kit/server"
import { launch, overflowOf, phone, settle, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { inControl } from "./kit/control.ts"
import { inTurn } from "./kit/in-turn.ts"
import { join } from "./kit/member.ts"
import { signIn } from "./kit/sign-in.ts"
import { execute, password, publish, register, sum, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
let acme: Tenant
let colleague: Tenant
let [ana, ben]: Visitor[] = []
let admin: Page
let editor: Page

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  colleague = await join(server, acme, "editor", "Ben")
  const size = { width: 1280, height: 900 }
  ana = await Visitor.arrive(browser, server.address, size)
  ben = await Visitor.arrive(browser, server.address, size)
  ;[admin, editor] = [ana.page, ben.page]
  for (const page of [admin, editor]) await page.emulateMedia({ reducedMotion: "reduce" })
  await signIn(admin, acme)
  await signIn(editor, colleague)
})
afterAll(async () => {
  await browser?.close()
  await end()
})

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })
const settingsNow = async () =>
  (await acme.admin.ask(privacyApi.get.reply, "GET", "/privacy/settings")).settings

describe("privacy in the settings", () => {
  inTurn()

  it("says how long things are kept, and takes other days by the keyboard alone", async () => {
    await admin.goto("/settings/privacy")
    const chats = admin.getByLabel("Chats days")
    await chats.waitFor()
    await expect.poll(() => admin.getByLabel("Deliveries days").inputValue()).toBe("30")
    await settle(admin)
    expect(await violationsOf(admin)).toEqual([])
    await expect.poll(() => button(admin, "Save days").isDisabled()).toBe(true)
    await chats.fill("0")
    await admin.getByText("Enter whole days from 1 to 3,650, or nothing to keep it").waitFor()
    await chats.fill("90")
    await chats.press("Enter")
    await expect.poll(async () => (await settingsNow()).retention.chats).toBe(90)
    await admin.reload()
    await expect.poll(() => chats.inputValue()).toBe("90")
  })

  it("shows what traces would keep of a text, and keeps the policy that is chosen", async () => {
    const radio = (name: string) => admin.getByRole("radio", { name, exact: true })
    await admin.getByText("Without personal data", { exact: true }).click()
    await expect.poll(async () => (await settingsNow()).redaction).toBe("masked")
    await admin.getByText("Write to [email] or call [phone]. Her card is [card].").waitFor()
    await admin.getByLabel("Try a text").fill("ana@example.com and bo@example.com")
    await admin.getByText("Masked: 2 addresses.").waitFor()
    await expect.poll(() => radio("Without personal data").isChecked()).toBe(true)
    await admin.getByText("Not at all", { exact: true }).click()
    await admin.getByText("Nothing of it.").waitFor()
  })

  it("gives everybody their own data, and shows them the rules", async () => {
    await editor.goto("/settings/privacy")
    await editor.getByText("Only admins change this.").first().waitFor()
    expect(await editor.getByRole("heading", { name: "Evidence reports" }).count()).toBe(0)
    expect(await editor.getByRole("heading", { name: "Other people's data" }).count()).toBe(0)
    const coming = editor.waitForEvent("download")
    await button(editor, "Download your data").click()
    const download = await coming
    expect(download.suggestedFilename()).toMatch(/^personal-data-.+\.zip$/)
    const bytes = await readFile(await download.path())
    expect(bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004")
    await settle(editor)
    expect(await violationsOf(editor)).toEqual([])
  })

  it("places and lifts a legal hold", async () => {
    await admin.getByText("Nothing is held.").waitFor()
    await button(admin, "Place a hold").click()
    const dialog = admin.getByRole("dialog")
    await dialog.getByLabel("What is held").fill("nothing")
    await dialog.getByLabel("Reason").fill("A dispute")
    await button(admin, "Place hold").click()
    await dialog.getByText(/^Enter the id of an execution/).waitFor()
    await dialog.getByLabel("What is held").fill("workspace")
    await settle(admin)
    expect(await violationsOf(admin)).toEqual([])
    await button(admin, "Place hold").click()
    await button(admin, "Lift the hold on workspace").click()
    await button(admin, "Lift hold").click()
    await admin.getByText("Nothing is held.").waitFor()
  })

  it("erases a member after a reason, a second word and the password", async () => {
    inControl(server, (database) =>
      database
        .prepare("update sessions set proven_at = '2020-01-01T00:00:00.000Z' where identity_id = ?")
        .run(acme.user),
    )
    const guest = await Client.of(server.address)
    const { access_token } = await guest.ask(authApi.login.reply, "POST", "/auth/login", {
      body: { email: colleague.email, password },
    })
    const theirs = guest.as(access_token)
    await execute(theirs, await publish(theirs, sum("Sums")), { a: 1, b: 1 })
    // The server remembers a session for some seconds.
    await sleep(5_200)
    await admin.getByLabel("Member").selectOption({ label: `Ben (${colleague.email})` })
    await button(admin, "Erase…").click()
    const dialog = admin.getByRole("dialog")
    await button(admin, "Continue").click()
    await dialog.getByText("Say why, in a few words").waitFor()
    await dialog.getByLabel("Reason").fill("They asked for it")
    await button(admin, "Continue").click()
    const last = admin.getByRole("alertdialog")
    await last.getByText("Goes: 1 execution.").waitFor()
    await settle(admin)
    expect(await violationsOf(admin)).toEqual([])
    await expect.poll(() => button(admin, "Erase for good").isDisabled()).toBe(true)
    await last.getByRole("textbox").fill(colleague.email)
    await button(admin, "Erase for good").click()
    const proof = admin.getByRole("dialog", { name: "Confirm that it is you" })
    await proof.getByLabel("Password", { exact: true }).fill(password)
    await settle(admin)
    expect(await violationsOf(admin)).toEqual([])
    await admin.keyboard.press("Enter")
    await admin.getByRole("list", { name: "Erasures" }).getByText("Erased", { exact: true }).waitFor()
    await editor.goto("/settings/profile")
    await editor.waitForURL(/\/login/)
  })

  it("shows evidence reports that print, and says what the data does not show", async () => {
    await admin.getByRole("link", { name: "GDPR" }).click()
    await admin.getByRole("heading", { name: "GDPR: evidence for Regulation (EU) 2016/679" }).waitFor()
    await admin.getByText("It is no certificate", { exact: false }).waitFor()
    await settle(admin)
    expect(await violationsOf(admin)).toEqual([])
    const coming = admin.waitForEvent("download")
    await button(admin, "Markdown").click()
    expect((await coming).suggestedFilename()).toMatch(/^gdpr-.+\.md$/)
    await admin.goto("/settings/privacy/reports/hipaa")
    await admin.getByText("There is no such report").waitFor()
  })

  it.each(["light", "dark"] as const)("fits a phone, %s", async (colorScheme) => {
    await admin.setViewportSize(phone)
    await admin.emulateMedia({ colorScheme })
    for (const path of ["/settings/privacy", "/settings/privacy/reports/soc2"]) {
      await admin.goto(path)
      await admin.getByRole("heading").nth(1).waitFor()
      await settle(admin)
      expect([path, await overflowOf(admin)]).toEqual([path, 0])
      expect([path, await violationsOf(admin)]).toEqual([path, []])
    }
  })
})
