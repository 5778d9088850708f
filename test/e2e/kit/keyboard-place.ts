import type { Browser } from "playwright-core"
import { startFresh, type StartOptions } from "#test/kit/server"
import { launch, Visitor } from "./browser.ts"
import { Client } from "./client.ts"
import { Keys } from "./keys.ts"
import { password, register, type Tenant } from "./world.ts"

export interface Guest {
  visitor: Visitor
  keys: Keys
}

export interface Place {
  tenant: Tenant
  browser: Browser
  /** One more person of the tenant, signed in by keys alone. */
  guest: () => Promise<Guest>
  end: () => Promise<void>
}

/** A server with a fresh tenant whose people have keyboards only. */
export async function openPlace(options: Omit<StartOptions, "state"> = {}): Promise<Place> {
  const { server, end } = await startFresh(options)
  const browser = await launch()
  const tenant = await register(await Client.of(server.address))
  const guest = async (): Promise<Guest> => {
    const visitor = await Visitor.arrive(browser, server.address)
    const { page } = visitor
    await page.emulateMedia({ reducedMotion: "reduce" })
    await page.goto("/login")
    const keys = new Keys(page)
    await keys.write("Email", tenant.email)
    await keys.secret("Password", password)
    await keys.press("Enter")
    await page.waitForURL("**/flows")
    return { visitor, keys }
  }
  return {
    tenant,
    browser,
    guest,
    end: async () => {
      await browser.close()
      await end()
    },
  }
}
