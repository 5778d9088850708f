import { expect, it } from "vitest"
import { TenantSlug } from "#core/contract/auth"
import { slugFrom } from "./model.ts"

it.each([
  ["Northwind Traders", "northwind-traders"],
  ["Ødegård & Søn AS", "odegard-son-as"],
  ["Straße 12", "strasse-12"],
  ["  --Łódź--  ", "lodz"],
  ["A".repeat(60), "a".repeat(40)],
  ["日本", ""],
])("%s suggests the address %s", (name, slug) => expect(slugFrom(name)).toBe(slug))

it("suggests only addresses that the contract takes", () => {
  for (const name of ["Acme", "x y", `${"ab ".repeat(13)}c d`]) {
    expect(TenantSlug.safeParse(slugFrom(name)).success, slugFrom(name)).toBe(true)
  }
})
