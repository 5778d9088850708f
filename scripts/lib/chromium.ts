import { aptInstall, canInstall } from "./apt.ts"
import { isProgram, onPath } from "./programs.ts"
import { Refusal } from "./progress.ts"

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
const apps = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

function findChromium(): string | undefined {
  const given = process.env["CHROMIUM_PATH"]
  if (given) {
    if (!isProgram(given)) throw new Refusal(`CHROMIUM_PATH is ${given}, which is not a program.`)
    return given
  }
  return onPath(...names) ?? apps.find(isProgram)
}

/** The Chromium that the journeys drive; installed from Debian when it is missing and we may. */
export async function needChromium(): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  const manual =
    "Install it (Debian: sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium), or set CHROMIUM_PATH."
  if (!canInstall()) throw new Refusal(`Chromium is missing, and the tests drive it. ${manual}`)
  await aptInstall("chromium", ["chromium"], manual)
  const installed = findChromium()
  if (installed === undefined)
    throw new Refusal(`apt-get installed chromium, but it is not on the path. ${manual}`)
  return installed
}
