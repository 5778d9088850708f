// `npm run pictures`: the pictures of docs/flows.md, taken of the real editor with the gallery's flows.
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { chromium, type Locator, type Page } from "playwright-core"
import { kinds } from "../core/flow/kinds.ts"
import { templates } from "../core/flow/templates.ts"
import { newState, Server } from "../test/kit/server.ts"
import { buildChanged } from "./lib/build.ts"
import { needChromium } from "./lib/chromium.ts"
import { smallPng } from "./lib/small-png.ts"
import { at } from "./lib/paths.ts"
import { endWithParent } from "./lib/lifeline.ts"
import { main } from "./lib/progress.ts"

const size = { width: 1440, height: 620 }
/** What lies between the palette, the bars, and the edge. */
const clip = { x: 432, y: 44, width: size.width - 432, height: size.height - 92 }
const panelWidth = 340

/** Examples in which a kind is shown best, where that is not the first that has it. */
const preferred: Record<string, string> = {
  merge: "moderate",
  group: "moderate",
  note: "support",
  condition: "language",
}

/** Where each kind is seen: an example, and the node in it. */
function sceneOf(kind: string): { flow: string; node: string } {
  const hasKind = (one: (typeof templates)[number]) => one.flow.nodes.some((node) => node.type === kind)
  const example =
    templates.find((one) => one.id === preferred[kind] && hasKind(one)) ?? templates.find(hasKind)
  const node = example?.flow.nodes.find((one) => one.type === kind)
  if (!example || !node) throw new Error(`no example shows ${kind}`)
  return { flow: example.flow.name, node: node.id }
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.goto("/login")
  await page.getByLabel("Email").fill("demo@edgecrew.local")
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page
    .getByRole("link", { name: templates[0]?.flow.name ?? "" })
    .first()
    .waitFor()
}

async function take(page: Page, kind: string): Promise<Buffer> {
  const { flow, node } = sceneOf(kind)
  await page.goto("/flows")
  await page.getByRole("link", { name: flow, exact: true }).first().click()
  const drawn = page.locator(`.react-flow__node[data-id="${node}"]`)
  await drawn.waitFor()
  // The bar of a frame, not what lies inside of it.
  await drawn.click({ position: { x: 24, y: 14 } })
  await sleep(800)
  await approach(page, drawn)
  await page.locator(".react-flow__minimap").evaluateAll((maps) => maps.forEach((map) => map.remove()))
  return page.screenshot({ animations: "disabled", caret: "hide", clip })
}

/** Zooms in on a node until it can be read, or fills the canvas. */
async function approach(page: Page, drawn: Locator): Promise<void> {
  const most = clip.width - panelWidth - 60
  for (let steps = 0; steps < 40; steps++) {
    const box = await drawn.boundingBox()
    if (!box || box.width * 1.08 > most || box.height > 190) break
    await page.mouse.move(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20))
    await page.keyboard.down("Control")
    await page.mouse.wheel(0, -20)
    await page.keyboard.up("Control")
    await sleep(20)
    const now = await drawn.boundingBox()
    if (!now || now.width <= box.width || (box.height < 70 && now.height >= 54)) break
  }
  await page.mouse.move(clip.x + 20, size.height - 20)
  await sleep(400)
}

await main(async () => {
  endWithParent(() => 1)
  await buildChanged(["pages", "worker"])
  const executablePath = await needChromium()
  const state = newState()
  const server = await Server.start({ state, settings: { EDGECREW_SEED: "1" }, port: 9500 })
  const browser = await chromium.launch({
    executablePath,
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  })
  try {
    const context = await browser.newContext({
      baseURL: server.address,
      viewport: size,
      colorScheme: "light",
      reducedMotion: "reduce",
    })
    const page = await context.newPage()
    await signIn(page, server.password ?? "")
    mkdirSync(at("docs", "images", "kinds"), { recursive: true })
    for (const kind of Object.keys(kinds)) {
      const picture = smallPng(await take(page, kind))
      writeFileSync(at("docs", "images", "kinds", `${kind}.png`), picture)
      console.log(`  ${kind}.png  ${Math.round(picture.length / 1024)} kB`)
    }
  } finally {
    await browser.close()
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
  process.exit(0)
})
