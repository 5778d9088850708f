import type { Page } from "playwright-core"
import { password, type Tenant } from "./world.ts"

/** Signs a tenant's first admin in, by the door and by hand. */
export async function signIn(page: Page, { email }: Pick<Tenant, "email">): Promise<void> {
  await page.goto("/login")
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password", { exact: true }).fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
  await page.waitForURL("**/flows")
}
