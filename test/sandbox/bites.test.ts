import { createServer, type AddressInfo } from "node:net"
import { once } from "node:events"
import { describe, expect, it } from "vitest"
import { kernelPrograms } from "./escape/programs/kernel.ts"
import { networkPrograms } from "./escape/programs/network.ts"
import { prelude, small, type Program } from "./escape/program.ts"
import { mutants } from "./kit/mutants.ts"
import { Walls } from "./kit/walls.ts"

const root = process.getuid?.() === 0
const user = 60_000 + (process.pid % 5_000)

/** The first program of a list that gets through walls with a hole, in its own words. */
async function firstEscape(
  profile: "strong" | "dev",
  hole: string,
  programs: readonly Program[],
): Promise<string> {
  const walls = new Walls(profile, profile === "dev" && root ? user : null, { broken: hole })
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const env = { PORT: String((server.address() as AddressInfo).port), ABSTRACT: "none", SOCKET: "/none" }
  try {
    expect((await walls.hello).reason).toMatch(mutants[hole]?.says ?? "")
    for (const { code } of programs) {
      const ran = await walls.run({ language: "python", code: `${prelude}\n${code}`, env, limits: small })
      const words = /^ESCAPED.*$/m.exec(ran.stdout)
      if (words !== null) return words[0]
    }
    return "nothing got through"
  } finally {
    server.close()
    await walls.close()
  }
}

describe.each([...(root ? ["strong" as const] : []), "dev" as const])(
  "[SB4] the escape suite bites, in %s",
  (profile) => {
    it("a shared network lets a program reach a port of the host", async () => {
      expect(await firstEscape(profile, "a shared network", networkPrograms)).toContain("ESCAPED 127.0.0.1:")
    })

    it("without a filter programs reach rings of the kernel", async () => {
      const words = await firstEscape(profile, "a filter that allows everything", kernelPrograms)
      expect(words).toContain("ESCAPED io_uring_setup")
    })
  },
)
