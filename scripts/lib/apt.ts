import { existsSync } from "node:fs"
import { run, tail } from "./processes.ts"
import { Refusal, step } from "./progress.ts"

/** Whether this process may install Debian's packages. */
export const canInstall = (): boolean => process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")

/** Installs packages from Debian; `manual` tells how a person does it, for when it fails. */
export async function aptInstall(what: string, packages: readonly string[], manual: string): Promise<void> {
  await step(`installing ${what} (apt-get)`, `installed ${what}`, async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" }
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages]]) {
      const ended = await run("apt-get", args, { env })
      if (ended.code !== 0)
        throw new Refusal(`${tail(ended.output, 20)}\n\napt-get ${args[0]} failed. ${manual}`)
    }
  })
}
