import { accessSync, constants, existsSync } from "node:fs"
import { delimiter, join } from "node:path"
import { run, tail } from "./processes.ts"
import { Refusal, step } from "./progress.ts"

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
const apps = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function findChromium(): string | undefined {
  const given = process.env["CHROMIUM_PATH"]
  if (given) {
    if (!isProgram(given)) throw new Refusal(`CHROMIUM_PATH is ${given}, which is not a program.`)
    return given
  }
  const folders = (process.env["PATH"] ?? "").split(delimiter)
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...apps].find(isProgram)
}

/** The Chromium that the journeys drive; installed from Debian when it is missing and we may. */
export async function needChromium(): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  const manual =
    "Install it (Debian: sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium), or set CHROMIUM_PATH."
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Refusal(`Chromium is missing, and the tests drive it. ${manual}`)
  }
  await step("installing chromium (apt-get)", "installed chromium", async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" }
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
      const ended = await run("apt-get", args, { env })
      if (ended.code !== 0)
        throw new Refusal(`${tail(ended.output, 20)}\n\napt-get ${args[0]} failed. ${manual}`)
    }
  })
  const installed = findChromium()
  if (installed === undefined)
    throw new Refusal(`apt-get installed chromium, but it is not on the path. ${manual}`)
  return installed
}
