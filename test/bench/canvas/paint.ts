import { rmSync } from "node:fs"
import { chromium, type Browser } from "playwright-core"
import { needChromium } from "../../../scripts/lib/chromium.ts"
import { newState, Server } from "../../kit/server.ts"
import { Client } from "../client.ts"
import { median } from "../load.ts"
import { machineLine } from "../machine.ts"
import { short, table } from "../table.ts"
import { flags, pageOf, type Me } from "./browser.ts"
import { largeFlow } from "./flow.ts"

declare global {
  interface Window {
    /** When each of these was first on the page, ms after it was asked for. */
    seenAt: Record<string, number>
  }
}

/** What a person sees one after the other, and how a page tells that it is there. */
const moments = [
  { name: "the first thing is painted", of: "" },
  { name: "the frame of the editor is there", of: "main [role=status], main .react-flow" },
  { name: "the flow is seen, as a picture", of: ".canvas[inert] > div, .react-flow__node" },
  { name: "the canvas is drawn with its nodes", of: ".react-flow__node" },
] as const

type Seen = { ms: number; bytes: number }

/** A cold cache, a processor that is four times slower, 1.6 Mbit/s and 150 ms: until the editor is seen, step by step. */
export async function benchPaint(rounds: number): Promise<void> {
  const state = newState()
  const server = await Server.start({ state })
  const browser = await chromium.launch({ executablePath: await needChromium(), args: flags })
  try {
    const client = await Client.register(server.address)
    const address = `${server.address}/flows/${await client.publish(largeFlow(20))}`
    const plays: Seen[][] = []
    for (let round = 0; round < rounds; round++)
      plays.push(await opened(browser, server.address, address, client.account))
    console.log(`\n${machineLine()}\n`)
    console.log(
      table(
        ["the editor on a slow phone", "s", "kB by then"],
        moments.map(({ name }, i) => [
          name,
          short(median(plays.map((play) => play[i]!.ms)) / 1_000),
          String(Math.round(median(plays.map((play) => play[i]!.bytes)) / 1_000)),
        ]),
      ),
    )
    console.log("\nCold cache, 4 × slower processor, 1.6 Mbit/s, 150 ms; median of the rounds.\n")
  } finally {
    await browser.close()
    await server.stop()
    rmSync(state, { recursive: true, force: true })
  }
}

async function opened(browser: Browser, origin: string, address: string, me: Me): Promise<Seen[]> {
  const page = await pageOf(browser, origin, me)
  await page.addInitScript(
    (looks: string[]) => {
      window.seenAt = {}
      const look = (): void => {
        for (const of of looks)
          if (window.seenAt[of] === undefined && document.querySelector(of) !== null)
            window.seenAt[of] = performance.now()
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    },
    moments.map(({ of }) => of).filter((of) => of !== ""),
  )
  const cdp = await page.context().newCDPSession(page)
  await cdp.send("Network.enable")
  await cdp.send("Network.clearBrowserCache")
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 })
  const throughput = (1.6 * 1024 * 1024) / 8
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  })
  const arrived: Seen[] = []
  const since = performance.now()
  cdp.on("Network.loadingFinished", ({ encodedDataLength: bytes }) =>
    arrived.push({ ms: performance.now() - since, bytes }),
  )
  await page.goto(address, { waitUntil: "commit" })
  await page.locator(".react-flow__node").first().waitFor()
  const seenAt = await page.evaluate(() => {
    const [first] = performance.getEntriesByName("first-contentful-paint")
    return { ...window.seenAt, "": first?.startTime ?? Number.NaN }
  })
  await page.context().close()
  return moments.map(({ of }) => {
    const ms = new Map(Object.entries(seenAt)).get(of) ?? Number.NaN
    const bytes = arrived.filter((one) => one.ms <= ms).reduce((sum, one) => sum + one.bytes, 0)
    return { ms, bytes }
  })
}
