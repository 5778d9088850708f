import { spawn, spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startFresh } from "../../test/kit/server.ts"
import { at } from "./paths.ts"
import { samplesOf, type Document, type Sample } from "./requests.ts"

export interface Attacked {
  said: string
  problems: string[]
}

/** An installation of its own to be attacked, by an admin of it who has read the API's document. */
interface Target {
  address: string
  token: string
  ids: Record<string, string>
  document: Document
  folder: string
}

/** Both together stay within a quarter of an hour. */
const sqlmapMs = 480_000
const wapitiSeconds = 300

const isInstalled = (program: string): boolean => spawnSync("which", [program]).status === 0

/** Runs a program to its end, or until it has taken `mostMs`; what it says is read by the caller. */
function ran(program: string, args: readonly string[], mostMs: number): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] })
  const over = setTimeout(() => child.kill("SIGTERM"), mostMs)
  let output = ""
  const hear = (chunk: Buffer): void => void (output += chunk.toString())
  child.stdout.on("data", hear)
  child.stderr.on("data", hear)
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", () => {
      clearTimeout(over)
      resolve(output)
    })
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
  const { access_token: token } = await made<{ access_token: string }>(address, "/auth/register", {
    email: "target@example.com",
    password: "violet-harbour-kite-77",
    tenant_name: "Target",
    tenant_slug: "target",
  })
  const { flow } = await made<{ flow: { id: string } }>(address, "/flows", { name: "Target" }, token)
  const { agent } = await made<{ agent: { id: string } }>(address, "/agents", { name: "Target" }, token)
  const { session } = await made<{ session: { id: string } }>(
    address,
    "/chat/sessions",
    { flow_id: flow.id },
    token,
  )
  const document = (await (await fetch(`${address}/api/v1/openapi.json`)).json()) as Document
  const ids = { flow_id: flow.id, agent_id: agent.id, chat_id: session.id }
  return { address, token, ids, document, folder }
}

/** The requests as a proxy would have written them down, which sqlmap reads. */
const asLog = ({ address, token }: Target, samples: readonly Sample[]): string => {
  const rule = "=".repeat(54)
  return samples
    .map(({ method, path, body }) =>
      [
        rule,
        `12:00:00  ${address}`,
        rule,
        `${method} ${path} HTTP/1.1`,
        `Host: ${new URL(address).host}`,
        `Authorization: Bearer ${token}`,
        ...(body === undefined ? [""] : ["Content-Type: application/json", "", body]),
        rule,
        "",
      ].join("\n"),
    )
    .join("\n\n")
}

/** How sqlmap names the address that it turns to next. */
const turnedTo = /testing URL '/g

/** sqlmap asks each operation, by all that it takes, whether a database listens behind it. */
async function bySqlmap(target: Target): Promise<Attacked> {
  const log = join(target.folder, "requests.log")
  const samples = samplesOf(target.document, target.ids, "*").filter(
    ({ path, body }) => body !== undefined || /[*?]/.test(path),
  )
  writeFileSync(log, asLog(target, samples))
  const refusals = "--ignore-code 400,401,403,404,409,412,413,415,422,426,429"
  const how = "--batch --smart --disable-coloring --flush-session --ignore-stdin --threads 4 --timeout 10"
  const what = `--level 2 --risk 1 --dbms sqlite --technique BEU ${refusals}`
  const files = ["-l", log, "--output-dir", join(target.folder, "sqlmap")]
  const output = await ran("sqlmap", [...files, ...`${how} ${what}`.split(" ")], sqlmapMs)
  const whole = at("dist", "sqlmap.log")
  mkdirSync(at("dist"), { recursive: true })
  writeFileSync(whole, output)
  const asked = output.match(turnedTo)?.length ?? 0
  const problems = foundIn(join(target.folder, "sqlmap"))
  const suspected = output.match(/appears to be .+ injectable|might be injectable/g) ?? []
  const doubted = [...new Set(suspected)]
  if (asked === 0) problems.push(`sqlmap asked nothing:\n${output.slice(-2_000)}`)
  if (output.includes("identified the following injection point") && problems.length === 0)
    problems.push(`sqlmap names an injection point: see ${whole}`)
  const said = `${asked} of ${samples.length} operations in the time, ${problems.length} findings`
  return { said: doubted.length > 0 ? `${said}; taken back: ${doubted.join(", ")}` : said, problems }
}

/** What sqlmap holds to be injectable in the end: the rows of its table, whose first line is a heading. */
const foundIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n").slice(1))
    .filter((row) => row.trim() !== "")

/** What wapiti wants and is not given. */
const judged = [
  // Without HTTPS there is nothing to keep to it; with it the header is there (`test/workerd/http.test.ts`).
  /Strict-Transport-Security/i,
  // No browser of today reads it, and those that did could be turned by it against the page (OWASP: leave it out).
  /X-XSS-Protection/i,
]

/** wapiti walks the pages and every address of the API that only reads, and tries what its modules know. */
async function byWapiti({ address, token, ids, document, folder }: Target): Promise<Attacked> {
  const report = join(folder, "wapiti.json")
  const reads = samplesOf(document, ids).filter(({ method, path }) => method === "GET" && path.includes("?"))
  const modules = "sql,xss,exec,file,redirect,crlf,ssrf,csp,cookieflags,http_headers"
  const bounds = "--max-scan-time 60 --max-attack-time 60 --max-parameters 12 -d 3"
  const how = `--scope domain -m ${modules} ${bounds} -f json --flush-session --no-bugreport -v 0`
  const starts = reads.flatMap(({ path }) => ["-s", address + path])
  const output = await ran(
    "wapiti",
    ["-u", `${address}/`, "-H", `Authorization: Bearer ${token}`, "-o", report, ...how.split(" "), ...starts],
    wapitiSeconds * 1_000,
  )
  if (!existsSync(report))
    return { said: "no report", problems: [`wapiti came to no end:\n${output.slice(-4_000)}`] }
  const read = JSON.parse(readFileSync(report, "utf8")) as {
    vulnerabilities: Record<string, { info: string; path: string }[]>
  }
  const found = Object.entries(read.vulnerabilities).flatMap(([name, list]) =>
    list
      .filter(({ info }) => !judged.some((one) => one.test(info)))
      .map(({ info, path }) => `${name}: ${path}: ${info}`),
  )
  const looked = Object.keys(read.vulnerabilities).length
  return {
    said: `${reads.length} addresses, ${looked} kinds of weakness, ${found.length} findings`,
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
