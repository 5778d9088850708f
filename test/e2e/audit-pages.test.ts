import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { Webhook } from "standardwebhooks"
import { afterAll, beforeAll, expect, it } from "vitest"
import { auditApi } from "#core/contract/audit"
import { authApi } from "#core/contract/auth"
import { flowsApi } from "#core/contract/flows"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { startFresh, type Server } from "#test/kit/server"
import { Verifier, verifyFile } from "../../scripts/audit/verifier.ts"
import { desk, launch, overflowOf, phone, settle, tabTo, violationsOf, Visitor } from "./kit/browser.ts"
import { Client } from "./kit/client.ts"
import { create, password, register, sum, type Tenant } from "./kit/world.ts"
import { signIn } from "./kit/sign-in.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let browser: Browser
/** Where checkpoints are sent. */
let keeper: HttpServer
let acme: Tenant
let member: Visitor
let folder = ""

async function looksWell(page: Page): Promise<void> {
  await settle(page)
  expect(await violationsOf(page)).toEqual([])
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" })
  await settle(page)
  expect(await violationsOf(page, ["color-contrast"])).toEqual([])
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  expect(await overflowOf(page)).toBeLessThanOrEqual(0)
}

/** The size of the log once nothing of it waits. */
async function sealed(): Promise<number> {
  const list = () => acme.admin.ask(auditApi.list.reply, "GET", "/audit?limit=200")
  await expect
    .poll(async () => (await list()).entries.every(({ seq }) => seq !== null), { timeout: 10_000 })
    .toBe(true)
  return (await list()).entries[0]?.seq ?? 0
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgecrew-audit-"))
  keeper = await startHttpServer()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: keeper.host } })
  server = started.server
  end = started.end
  browser = await launch()
  acme = await register(await Client.of(server.address))
  member = await Visitor.arrive(browser, server.address, desk)
  await member.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" })
  await signIn(member.page, acme)
})
afterAll(async () => {
  await browser?.close()
  await end()
  await keeper?.close()
  rmSync(folder, { recursive: true })
})

it("tells who did what, from what to what, and checks it in the browser", async () => {
  const { page } = member
  const id = await create(acme.admin, sum("Invoices"))
  const { flow } = await acme.admin.ask(flowsApi.get.reply, "GET", `/flows/${id}`)
  await acme.admin.ask(flowsApi.update.reply, "PUT", `/flows/${id}`, {
    body: { ...sum("Invoices of today"), nodes: flow.nodes, edges: flow.edges },
  })
  await sealed()
  await page.getByRole("link", { name: "Audit" }).click()
  await page.waitForURL("**/audit")
  await page.getByRole("row", { name: /Flow update by/ }).waitFor()
  await page.getByText(/entries sealed, signed up to/).waitFor()
  await looksWell(page)
  await page.getByRole("row", { name: /Flow update by/ }).click()
  const dialog = page.getByRole("dialog", { name: "Flow update" })
  await dialog.getByText("Verified").waitFor()
  await dialog.getByText(/which is signed/).waitFor()
  await dialog.getByRole("region", { name: "Changes" }).getByText("name").first().waitFor()
  await looksWell(page)
  await page.keyboard.press("Escape")
  await dialog.waitFor({ state: "detached" })
})

it("is searched and filtered, with the address remembering it", async () => {
  const { page } = member
  await page.goto("/audit?action=flow")
  await page.getByRole("row", { name: /Flow create by/ }).waitFor()
  expect(await page.getByRole("row", { name: /Tenant register/ }).count()).toBe(0)
  await page.getByLabel("Search the audit log").fill("of today")
  await page.waitForURL("**q=of*")
  await expect.poll(() => page.getByRole("row", { name: /Flow create by/ }).count()).toBe(0)
  await page.getByRole("row", { name: /Flow update by/ }).waitFor()
  await page.getByLabel("Search the audit log").fill("nothing of that kind")
  await page.getByText("No entry matches").waitFor()
  await looksWell(page)
  await page.getByRole("button", { name: "Clear search and filters" }).click()
  await page.getByRole("row", { name: /Tenant register/ }).waitFor()
})

it("is used by keys alone", async () => {
  const { page } = member
  await page.goto("/audit")
  await page.getByRole("row", { name: /Flow update by/ }).waitFor()
  await tabTo(page, page.getByRole("row").nth(1))
  await page.keyboard.press("j")
  await page.keyboard.press("Enter")
  await page.getByRole("dialog").getByText("Verified").waitFor()
  await page.keyboard.press("Escape")
  await page.getByRole("dialog").waitFor({ state: "detached" })
  await page.keyboard.press("/")
  expect(
    await page.getByLabel("Search the audit log").evaluate((one) => one === document.activeElement),
  ).toBe(true)
})

it("says so when an entry was tampered with", async () => {
  const { page } = member
  await page.goto("/audit?action=flow.update")
  await page.getByRole("row", { name: /Flow update by/ }).waitFor()
  await page.route("**/api/v1/audit/entries/*", async (route) => {
    const response = await route.fetch()
    const body = (await response.json()) as { sealed: { entry: { actor: string } } }
    body.sealed.entry.actor = "user_01JD0000000000000000000000"
    await route.fulfill({ response, json: body })
  })
  await page.getByRole("row", { name: /Flow update by/ }).click()
  await page.getByRole("alert").getByText("it was changed after it was sealed").waitFor()
  await looksWell(page)
  await page.unroute("**/api/v1/audit/entries/*")
  await page.keyboard.press("Escape")
})

it("sends its checkpoints to where the tenant keeps them, and shows what became of the last", async () => {
  const { page } = member
  await page.goto("/audit")
  const button = page.getByRole("button", { name: "Webhook", exact: true })
  await button.click()
  const form = page.getByRole("dialog", { name: "Send checkpoints out" })
  await form.getByLabel("Address").fill("http://example.com/a")
  await form.getByRole("button", { name: "Send them" }).click()
  await form.getByText("Use an https address").waitFor()
  await looksWell(page)
  member.complaints.splice(
    0,
    member.complaints.length,
    ...member.complaints.filter((one) => !/400 \(Bad Request\)/.test(one)),
  )
  await form.getByLabel("Address").fill(`${keeper.url}/flaky/1/checkpoints`)
  await form.getByRole("button", { name: "Send them" }).click()
  const secret = (await page.getByLabel("Secret of the webhook").textContent()) ?? ""
  await looksWell(page)
  await page.getByRole("button", { name: "I have copied it" }).click()
  // The first answer is 503: it is tried again.
  await expect.poll(() => keeper.received.length, { timeout: 20_000 }).toBeGreaterThan(1)
  const [first, second] = keeper.received
  const said = [first!, second!].map(
    ({ body, headers }) =>
      new Webhook(secret).verify(body, headers) as { type: string; data: { size: number; note: string } },
  )
  expect(said[0]).toEqual(said[1])
  expect(first!.headers["webhook-id"]).toBe(second!.headers["webhook-id"])
  const { checkpoints } = await acme.admin.ask(auditApi.checkpoints.reply, "GET", "/audit/checkpoints")
  expect(said[0]!.type).toBe("audit.checkpoint")
  expect(checkpoints.map(({ note }) => note)).toContain(said[0]!.data.note)
  await page.getByText(/Sent out up to/).waitFor({ timeout: 20_000 })
  await button.click()
  const dialog = page.getByRole("dialog", { name: "Send checkpoints out" })
  await dialog.getByText("Arrived").waitFor()
  await dialog.getByRole("button", { name: "Sign and send now" }).click()
  await page.getByText(/has arrived/).waitFor()
  await looksWell(page)
  await dialog.getByRole("button", { name: "Cancel" }).click()
  // The log is held to what has left.
  const answer = await acme.admin.open("GET", "/audit/export")
  const verifier = new Verifier({ checkpoints: [said[0]!.data.note] })
  for (const line of (await answer.text()).trimEnd().split("\n")) verifier.line(Buffer.from(line))
  expect(verifier.verdict().findings).toEqual([])
}, 90_000)

it("scrolls through a thousand entries, of which few are in the page", async () => {
  const { page } = member
  let left = 1_000
  const workers = Array.from({ length: 8 }, async () => {
    while (left-- > 0)
      await acme.admin.ask(authApi.updateMe.reply, "PATCH", "/auth/me", { body: { preferences: {} } })
  })
  await Promise.all(workers)
  // What is done to accounts reaches the tenant's log by way of the control database, in its own time.
  await expect.poll(sealed, { timeout: 30_000 }).toBeGreaterThan(1_000)
  await page.goto("/audit")
  await page
    .getByRole("row", { name: /User update by/ })
    .first()
    .waitFor()
  const grid = page.getByRole("grid", { name: "Audit log" })
  await expect
    .poll(
      async () => {
        await grid.evaluate((one) => one.scrollTo(0, one.scrollHeight))
        return page.getByRole("row", { name: /Tenant register/ }).count()
      },
      { timeout: 30_000 },
    )
    .toBe(1)
  expect(await page.getByRole("row").count()).toBeLessThan(100)
  await looksWell(page)
}, 240_000)

it("is exported as a file that the verifier accepts, and in which it finds what was changed", async () => {
  const { page } = member
  await page.goto("/audit")
  const download = page.waitForEvent("download")
  await page.getByRole("button", { name: "Export" }).click()
  const file = join(folder, "audit.ndjson")
  await (await download).saveAs(file)
  const { verifier_key } = await acme.admin.ask(auditApi.key.reply, "GET", "/audit/key")
  const { checkpoints } = await acme.admin.ask(auditApi.checkpoints.reply, "GET", "/audit/checkpoints")
  const notes = checkpoints.map(({ note }) => note)
  const verdict = verifyFile(file, { key: verifier_key, checkpoints: notes })
  expect(verdict).toMatchObject({ tenant: acme.id, findings: [], isKeyKnown: true })
  expect(verdict.entries).toBeGreaterThan(1_000)
})

it("fits a phone", async () => {
  const { page } = member
  await page.setViewportSize(phone)
  await page.goto("/audit?action=flow")
  await page.getByRole("row", { name: /Flow update by/ }).waitFor()
  await looksWell(page)
  await page.getByRole("row", { name: /Flow update by/ }).click()
  await page.getByRole("dialog").getByText("Verified").waitFor()
  await looksWell(page)
  await page.keyboard.press("Escape")
  await page.setViewportSize(desk)
})

it("says what went wrong when the log cannot be had, and tries again", async () => {
  const { page } = member
  await page.route("**/api/v1/audit?*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({
        type: "about:blank",
        title: "Busy",
        status: 503,
        code: "storage.busy",
        detail: "Busy",
      }),
    }),
  )
  await page.goto("/audit")
  await page.getByRole("button", { name: /again/i }).waitFor({ timeout: 30_000 })
  await looksWell(page)
  await page.unroute("**/api/v1/audit?*")
  await page.getByRole("button", { name: /again/i }).click()
  await page.getByRole("row", { name: /by/ }).first().waitFor()
  member.complaints.splice(
    0,
    member.complaints.length,
    ...member.complaints.filter((one) => !/503/.test(one)),
  )
}, 90_000)

it("outlives a kill of the server: nothing is numbered twice, nothing left out", async () => {
  const before = await sealed()
  const made = Array.from({ length: 20 }, (_, i) => create(acme.admin, sum(`Killed ${i}`)))
  await Promise.race(made)
  process.kill(server.workerd(), "SIGKILL")
  await Promise.allSettled(made)
  const list = () => acme.admin.ask(flowsApi.list.reply, "GET", "/flows?search=Killed&limit=100")
  await expect
    .poll(
      () =>
        list().then(
          ({ flows }) => flows.length,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .toBeGreaterThan(0)
  // Somebody signs in: the sealer wakes up.
  await acme.admin.ask(authApi.login.reply, "POST", "/auth/login", { body: { email: acme.email, password } })
  const { flows } = await list()
  expect(await sealed()).toBeGreaterThanOrEqual(before + flows.length)
  const answer = await acme.admin.open("GET", "/audit/export")
  const text = await answer.text()
  const lines = text.trimEnd().split("\n")
  const timesOf = (id: string) =>
    lines.filter((line) => line.includes('"action":"flow.create"') && line.includes(id)).length
  expect(flows.map(({ id }) => timesOf(id))).toEqual(flows.map(() => 1))
  const verifier = new Verifier()
  for (const line of lines) verifier.line(Buffer.from(line))
  expect(verifier.verdict().findings).toEqual([])
}, 120_000)

it("sends what was sealed after the kill too, at once if somebody wants it, and stops when it is told to", async () => {
  const { page } = member
  const { size } = await acme.admin.ask(auditApi.state.reply, "GET", "/audit/state")
  const sent = () =>
    keeper.received
      .map(({ body }) => (JSON.parse(body) as { data: { size: number; note: string } }).data)
      .filter((one) => one.size >= size)
  await page.goto("/audit")
  await page.getByRole("button", { name: "Webhook", exact: true }).click()
  await page.getByRole("button", { name: "Sign and send now" }).click()
  await page.getByText(/has arrived/).waitFor()
  const [newest] = sent()
  expect(newest).toBeDefined()
  const answer = await acme.admin.open("GET", "/audit/export")
  const verifier = new Verifier({ checkpoints: [newest!.note] })
  for (const line of (await answer.text()).trimEnd().split("\n")) verifier.line(Buffer.from(line))
  expect(verifier.verdict().findings).toEqual([])
  await page.getByRole("button", { name: "Stop sending…" }).click()
  await looksWell(page)
  await page.getByRole("button", { name: "Stop sending", exact: true }).click()
  await expect.poll(() => page.getByText(/Sent out up to/).count()).toBe(0)
  await page.getByRole("row", { name: /Audit remove webhook/ }).waitFor({ timeout: 20_000 })
}, 120_000)

it("had nothing to complain about", () => {
  expect(member.complaints.filter((one) => !/ERR_|Failed to fetch/.test(one))).toEqual([])
})
