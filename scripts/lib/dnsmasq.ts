import { aptInstall, canInstall } from "./apt.ts"
import { isProgram, onPath } from "./programs.ts"
import { Refusal } from "./progress.ts"

/** Not on everybody's path. */
const usual = "/usr/sbin/dnsmasq"
const manual =
  "Debian: sudo apt-get install dnsmasq-base; and run the tests as root, who may give a server name servers of its own."

/** What the journeys need that look names up: dnsmasq, installed from Debian when it is missing and we may. Answers with its path. */
export async function needDnsmasq(): Promise<string> {
  const found = (): string | undefined => onPath("dnsmasq") ?? (isProgram(usual) ? usual : undefined)
  const installed = found()
  if (installed !== undefined && process.getuid?.() === 0) return installed
  if (!canInstall()) throw new Refusal(`The tests of names that change need dnsmasq and root. ${manual}`)
  await aptInstall("dnsmasq", ["dnsmasq-base"], manual)
  const now = found()
  if (now === undefined) throw new Refusal(`apt-get installed dnsmasq-base, but it is not there. ${manual}`)
  return now
}
