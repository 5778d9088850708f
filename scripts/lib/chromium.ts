import { aptInstall, canInstall } from "./apt.ts"
import { isProgram, onPath } from "./programs.ts"
import { Refusal } from "./progress.ts"

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]
const apps = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]

/** Debian's Chromium without the parts that a headless one does not use: it takes a quarter less of the processor. */
const shell = "chromium-headless-shell"

function given(): string | undefined {
  const path = process.env["CHROMIUM_PATH"]
  if (path && !isProgram(path)) throw new Refusal(`CHROMIUM_PATH is ${path}, which is not a program.`)
  return path || undefined
}

const findWhole = (): string | undefined => onPath(...names) ?? apps.find(isProgram)

/** The Chromium that pictures are taken and times measured in; installed from Debian when it is missing and we may. */
export const needChromium = (): Promise<string> => need("chromium", findWhole)

/** The one that the journeys drive. */
export const needShell = (): Promise<string> => need(shell, () => onPath(shell) ?? findWhole())

async function need(apt: string, find: () => string | undefined): Promise<string> {
  const found = given() ?? find()
  if (found !== undefined) return found
  const manual = `Install it (Debian: sudo apt-get update && sudo apt-get install -y --no-install-recommends ${apt}), or set CHROMIUM_PATH.`
  if (!canInstall()) throw new Refusal(`Chromium is missing, and the tests drive it. ${manual}`)
  await aptInstall("chromium", [apt], manual)
  const installed = find()
  if (installed === undefined)
    throw new Refusal(`apt-get installed ${apt}, but it is not on the path. ${manual}`)
  return installed
}
