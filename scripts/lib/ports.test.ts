import { expect, it } from "vitest"
import { once } from "node:events"
import { createServer } from "node:net"
import { freePort, host } from "./ports.ts"

it("a taken port gives way to the next free one", async () => {
  const taken = createServer().listen(0, host)
  await once(taken, "listening")
  const address = taken.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  expect(await freePort(port)).toBeGreaterThan(port)
  taken.close()
  await once(taken, "close")
  expect(await freePort(port)).toBe(port)
})
