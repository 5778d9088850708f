import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startFresh } from "../../test/kit/server.ts"

export interface Attacked {
  said: string
  problems: string[]
}

/** An installation of its own to be attacked, and a key that may do everything a key can. */
interface Target {
  address: string
  key: string
  flow: string
  folder: string
}

const isInstalled = (program: string): boolean => spawnSync("which", [program]).status === 0

/** Runs a program to its end; what it says is read by the caller. */
function ran(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
  let output = ""
  const hear = (chunk: Buffer): void => void (output += chunk.toString())
  child.stdout.on("data", hear)
  child.stderr.on("data", hear)
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", () => resolve(output))
  })
}

async function made<T>(address: string, path: string, body: object, token?: string): Promise<T> {
  const response = await fetch(`${address}/api/v1${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

async function furnished(address: string, folder: string): Promise<Target> {
  const { access_token } = await made<{ access_token: string }>(address, "/auth/register", {
    email: "target@example.com",
    password: "violet-harbour-kite-77",
    tenant_name: "Target",
    tenant_slug: "target",
  })
  const { flow } = await made<{ flow: { id: string } }>(address, "/flows", { name: "Target" }, access_token)
  const scopes = [
    "flow.read",
    "flow.edit",
    "execution.read",
    "trace.read",
    "chat.read",
    "agent.read",
    "trigger.read",
  ]
  const { secret } = await made<{ secret: string }>(
    address,
    "/api-keys",
    { name: "target", scopes },
    access_token,
  )
  return { address, key: secret, flow: flow.id, folder }
}

/** sqlmap asks each of these addresses and bodies whether a database listens behind it. */
async function bySqlmap({ address, key, flow, folder }: Target): Promise<Attacked> {
  const api = `${address}/api/v1`
  const targets: string[][] = [
    ["-u", `${api}/flows?search=a&page=1&limit=20&sort=name`],
    ["-u", `${api}/executions?search=a&status=failed&sort=-created_at`],
    ["-u", `${api}/traces?limit=20`],
    ["-u", `${api}/chat/sessions?search=a`],
    ["-u", `${api}/flows/${flow}*`],
    ["-u", `${api}/auth/login`, "--data", '{"email":"target@example.com","password":"x*"}'],
    ["-u", `${api}/flows`, "--data", '{"name":"x*","description":"y*"}'],
  ]
  const problems: string[] = []
  for (const target of targets) {
    const output = await ran("sqlmap", [
      ...target,
      "--batch",
      "--disable-coloring",
      "--flush-session",
      "--level",
      "2",
      "--risk",
      "1",
      "--threads",
      "4",
      "--dbms",
      "sqlite",
      "--ignore-code",
      "400,401,403,404,409,429",
      "--output-dir",
      join(folder, "sqlmap"),
      "--headers",
      `Authorization: Bearer ${key}\nContent-Type: application/json`,
    ])
    if (/identified the following injection point|is vulnerable|appears to be .+ injectable/i.test(output))
      problems.push(`${target[1] ?? ""}:\n${output.slice(-4_000)}`)
    else if (
      !/do not appear to be injectable|does not seem to be injectable|all tested parameters/i.test(output)
    )
      problems.push(`${target[1] ?? ""}: sqlmap came to no verdict:\n${output.slice(-2_000)}`)
  }
  return { said: `${targets.length} addresses, ${problems.length} findings`, problems }
}

/** wapiti walks the pages and the API as somebody who may do much, and tries what its modules know. */
async function byWapiti({ address, key, folder }: Target): Promise<Attacked> {
  const report = join(folder, "wapiti.json")
  const output = await ran("wapiti", [
    "-u",
    `${address}/`,
    "-s",
    `${address}/api/v1/flows?search=a`,
    "-s",
    `${address}/api/v1/executions?search=a`,
    "--scope",
    "domain",
    "-m",
    "sql,blindsql,xss,exec,file,redirect,crlf,ssrf,csp,cookieflags,http_headers",
    "-H",
    `Authorization: Bearer ${key}`,
    "-f",
    "json",
    "-o",
    report,
    "--max-scan-time",
    "600",
    "--flush-session",
    "--no-bugreport",
    "-v",
    "0",
  ])
  const read = JSON.parse(readFileSync(report, "utf8")) as {
    vulnerabilities: Record<string, { info: string; path: string }[]>
  }
  // Without HTTPS there is nothing to keep to it.
  const found = Object.entries(read.vulnerabilities).flatMap(([name, list]) =>
    list
      .filter(({ info }) => !/Strict-Transport-Security/i.test(info))
      .map(({ info, path }) => `${name}: ${path}: ${info}`),
  )
  const looked = Object.keys(read.vulnerabilities).length
  return {
    said: `${looked} kinds of weakness, ${found.length} findings`,
    problems: looked > 0 ? found : [output.slice(-4_000)],
  }
}

const attacks = { sqlmap: bySqlmap, wapiti: byWapiti }

/** Lets a program of others attack an installation that is made for it and gone afterwards. */
export async function attack(program: keyof typeof attacks): Promise<Attacked> {
  if (!isInstalled(program))
    return { said: `not asked: it is not installed (apt-get install ${program})`, problems: [] }
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-attack-"))
  const { server, end } = await startFresh()
  try {
    return await attacks[program](await furnished(server.address, folder))
  } finally {
    await end()
    rmSync(folder, { recursive: true, force: true })
  }
}
