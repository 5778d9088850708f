import { expect, it } from "vitest"
import { Request } from "miniflare"
import { answerAddresses } from "./resolver.ts"

const ask = (host: string) => answerAddresses(new Request(`http://resolver/?host=${host}`))

it("tells the addresses that this machine has for a name", async () => {
  const addresses: unknown = await (await ask("localhost")).json()
  expect(["127.0.0.1", "::1"]).toEqual(expect.arrayContaining(addresses as string[]))
})

it("says so of a name that has none", async () => {
  expect((await ask("no-such-name.invalid")).status).toBe(404)
})
