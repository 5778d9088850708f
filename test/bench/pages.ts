import { rmSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import lighthouse from "lighthouse"
import { chromium, type Page } from "playwright-core"
import { needChromium } from "../../scripts/lib/chromium.ts"
import { at } from "../../scripts/lib/paths.ts"
import { freePort } from "../../scripts/lib/ports.ts"
import { newState, Server } from "../kit/server.ts"
import { table } from "./table.ts"

/** Headless, as root, without its own traffic to the net. */
const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

const categories = ["performance", "accessibility", "best-practices"] as const

/** Lighthouse on the pages that everybody meets first, and the script that a first load brings. */
export async function benchPages(): Promise<void> {
  const state = newState()
  const server = await Server.start({ state, settings: { EDGECREW_SEED: "1" } })
  const port = await freePort(9222)
  const profile = newState()
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: await needChromium(),
    args: [...chromiumFlags, `--remote-debugging-port=${port}`],
  })
  try {
    const page = await browser.newPage()
    const rows = [await scores(`${server.address}/login`, port)]
    await signIn(page, server)
    for (const path of ["/flows", "/executions", "/models", "/settings/api-keys"])
      rows.push(await scores(server.address + path, port))
    console.log(table(["page", ...categories], rows))
    console.log(
      `\nscript at first load: ${(await firstScript(page, server)).toFixed(0)} kB gzipped, at most 250\n`,
    )
  } finally {
    await browser.close()
    await server.stop()
    for (const folder of [state, profile]) rmSync(folder, { recursive: true, force: true })
  }
}

async function signIn(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.address}/login`)
  await page.getByLabel("Email").fill("demo@edgecrew.local")
  await page.getByLabel("Password", { exact: true }).fill(server.password ?? "")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/flows")
}

/** Desktop scores of one page, from 0 to 100. Storage is kept, so that a session stays one. */
async function scores(url: string, port: number): Promise<string[]> {
  const result = await lighthouse(
    url,
    { port, output: "json", onlyCategories: [...categories], disableStorageReset: true, logLevel: "error" },
    {
      extends: "lighthouse:default",
      settings: {
        formFactor: "desktop",
        screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false },
        throttling: {
          rttMs: 40,
          throughputKbps: 10_240,
          cpuSlowdownMultiplier: 1,
          requestLatencyMs: 0,
          downloadThroughputKbps: 0,
          uploadThroughputKbps: 0,
        },
      },
    },
  )
  const shown = categories.map((name) => String(Math.round((result?.lhr.categories[name]?.score ?? 0) * 100)))
  return [new URL(url).pathname, ...shown]
}

/** All scripts that the browser fetches for the login page, as they would travel. */
async function firstScript(page: Page, server: Server): Promise<number> {
  const names = new Set<string>()
  page.on("response", (response) => {
    const { pathname } = new URL(response.url())
    if (pathname.endsWith(".js")) names.add(pathname)
  })
  await page.context().clearCookies()
  await page.goto(`${server.address}/login`, { waitUntil: "networkidle" })
  const files = await Promise.all([...names].map((name) => readFile(at("dist", "web", join(".", name)))))
  return files.reduce((sum, file) => sum + gzipSync(file).length, 0) / 1000
}
