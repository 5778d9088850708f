import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { needDnsmasq } from "../../../scripts/lib/dnsmasq.ts"
import { nameServer, type Zone } from "../../sandbox/kit/dns.ts"
import { endWithUs } from "../../kit/end-with-us.ts"

/** A zone that nobody has; nothing of it is ever asked for outside of this machine. */
export const zone = "edgecrew-turns.net"
/** Public by every rule, and where no test calls: the address is asked about, never dialled by what is tested right. */
const somewhere = "93.184.216.34"

export interface TurningNames {
  /** A `resolv.conf` for who shall ask here. */
  resolvConf: string
  /** Where names turn to: an address of this machine. */
  inside: string
  /** How often a name was asked for. */
  asked: (name: string) => number
  /** Connections that reached the inside, on any of the ports that may be called. */
  reached: () => number
  close: () => Promise<void>
}

/**
 * Debian's dnsmasq before a zone whose answers live for no second: each name leads to a public address the first time and to this
 * machine from then on. `fixed-` names lead inside at once, `both-` ones outside and inside, `alias-` ones by a CNAME.
 */
export async function turningNames(): Promise<TurningNames> {
  const dnsmasq = await needDnsmasq()
  const tail = `${1 + Math.floor(performance.now() % 250)}.${1 + (process.pid % 250)}`
  const [address, inside] = [`127.53.${tail}`, `127.66.${tail}`]
  const names = await nameServer(turning(inside))
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-names-"))
  const resolvConf = join(folder, "resolv.conf")
  writeFileSync(resolvConf, `nameserver ${address}\noptions timeout:2 attempts:2\n`)
  const [, port = ""] = names.address.split(":")
  const child = spawn(
    dnsmasq,
    [
      "--keep-in-foreground",
      "--conf-file=/dev/null",
      "--no-resolv",
      "--no-hosts",
      "--cache-size=0",
      "--local-ttl=0",
      "--bind-interfaces",
      `--listen-address=${address}`,
      "--user=root",
      "--pid-file=",
      "--log-facility=-",
      `--server=/${zone}/127.0.0.1#${port}`,
      `--host-record=fixed-host.${zone},${inside}`,
      ...aliases.map((name) => `--cname=${name}.${zone},fixed-host.${zone}`),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  )
  endWithUs(child, "SIGKILL")
  let said = ""
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text))
  const canaries = await Promise.all([80, 443, 8443].map((one) => canary(inside, one)))
  await started(() => said, child)
  return {
    resolvConf,
    inside,
    asked: (name) => names.asked.filter((one) => one === name).length,
    reached: () => canaries.reduce((sum, one) => sum + one.connections(), 0),
    close: async () => {
      child.kill("SIGKILL")
      for (const { server } of canaries) server.close()
      names.close()
      rmSync(folder, { recursive: true, force: true })
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit")
    },
  }
}

const aliases = ["alias-a", "alias-b"]

/** A zone without end: what a name is called says what becomes of it. */
const turning = (inside: string): Zone =>
  new Proxy<Zone>(
    {},
    {
      get: (_, name) => (asked: number) => {
        if (String(name).startsWith("fixed-")) return [inside]
        if (String(name).startsWith("both-")) return [somewhere, inside]
        return asked === 1 ? [somewhere] : [inside]
      },
    },
  )

async function canary(host: string, port: number): Promise<{ server: Server; connections: () => number }> {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  server.listen(port, host)
  await once(server, "listening")
  return { server, connections: () => connections }
}

async function started(said: () => string, child: ReturnType<typeof spawn>): Promise<void> {
  for (let waited = 0; !said().includes("started"); waited += 20) {
    if (child.exitCode !== null || waited > 10_000) throw new Error(`dnsmasq does not serve: ${said()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
