// The door to every command: plain JavaScript that any Node >= 20 runs on a fresh clone. It installs what is missing
// and hands over to scripts/<name>.ts under the pinned Node, which runs TypeScript as it is.
import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, "node_modules")
const pinnedNode = join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node")
const stampFile = join(modules, ".edgecrew-install")
const lockFile = join(root, "package-lock.json")
/** Names the process that installs, while it does: npm empties the folder of packages first, also under another's feet. */
const installing = join(root, "dist", "install.pid")

const fail = (message) => {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** What is installed, name by name, as npm itself recorded it; an optional package may be missing. */
function installedMatches(lock) {
  const record = join(modules, ".package-lock.json")
  if (!existsSync(record)) return false
  const wanted = JSON.parse(lock).packages
  const found = JSON.parse(readFileSync(record, "utf8")).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true
    const have = found[path]
    return have
      ? have.version === entry.version && have.integrity === entry.integrity
      : entry.optional === true
  })
}

function needsInstall(lock, stamp) {
  if (!existsSync(pinnedNode)) return true
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false
  if (!installedMatches(lock)) return true
  writeFileSync(stampFile, stamp)
  return false
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === "EPERM"
  }
}

const giveBack = () => rmSync(installing, { force: true })

/** Whether this process may install now; false while another one does. What a killed one has left is cleared away. */
function mayInstall() {
  try {
    mkdirSync(dirname(installing), { recursive: true })
    writeFileSync(installing, String(process.pid), { flag: "wx" })
    process.once("exit", giveBack)
    return true
  } catch (error) {
    if (error.code !== "EEXIST") throw error
  }
  try {
    const pid = Number(readFileSync(installing, "utf8"))
    if (pid > 0 && !isAlive(pid)) giveBack()
  } catch {
    // It has just been given back.
  }
  return false
}

/** Installs, or waits for another start in this folder that does. */
async function installOnce(lock, stamp) {
  for (let waits = 0; !mayInstall(); waits++) {
    if (waits === 1) process.stdout.write("waiting for another start that installs packages in this folder\n")
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  if (needsInstall(lock, stamp)) await install(stamp)
  // From here on it may be another's.
  process.off("exit", giveBack)
  giveBack()
}

/** npm that belongs to the running Node: the one that started us, else the one on the path. */
const npm = () =>
  process.env.npm_execpath?.endsWith(".js")
    ? { command: process.execPath, first: [process.env.npm_execpath] }
    : { command: "npm", first: [] }

/** npm names the cause first, then prints its help: the head of what it calls an error, else the tail of all. */
function cause(output) {
  const lines = output.trimEnd().split("\n")
  const errors = lines.filter((line) => line.startsWith("npm error"))
  return (errors.length > 0 ? errors.slice(0, 25) : lines.slice(-25)).join("\n")
}

function install(stamp) {
  const since = Date.now()
  const seconds = () => `${((Date.now() - since) / 1000).toFixed(1)} s`
  const { command, first } = npm()
  process.stdout.write("installing packages (npm ci)\n")
  const beat = setInterval(() => process.stdout.write(`  still installing, ${seconds()}\n`), 15_000)
  const child = spawn(
    command,
    [...first, "ci", "--include=dev", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=warn"],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    },
  )
  let output = ""
  const keep = (chunk) => (output = (output + chunk).slice(-16_384))
  child.stdout.on("data", keep)
  child.stderr.on("data", keep)
  return new Promise((resolve) => {
    const stop = follow(child)
    const done = (problem) => {
      clearInterval(beat)
      stop()
      if (problem !== undefined || !existsSync(pinnedNode)) {
        fail(`${cause(output)}\n\nnpm ci failed: ${problem ?? "the pinned Node is missing"}`)
      }
      writeFileSync(stampFile, stamp)
      process.stdout.write(`installed packages in ${seconds()}\n`)
      resolve()
    }
    child.on("error", (error) => done(error.message))
    child.on("close", (code, signal) => done(code === 0 ? undefined : `exit ${code ?? signal}`))
  })
}

/**
 * Whom we live with: our parent, and npm behind the shell that npm puts between (Linux keeps that shell, and it
 * outlives npm).
 */
function lineage() {
  try {
    const shell = readFileSync(`/proc/${process.ppid}/cmdline`, "utf8").includes("bootstrap.mjs")
    const stat = shell ? readFileSync(`/proc/${process.ppid}/stat`, "utf8") : ""
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(")") + 1).split(" ")[2] ?? ""}`
  } catch {
    return `${process.ppid} `
  }
}

/** Passes our signals on to a child, and ends it when whoever started us is gone. Returns how to stop doing so. */
function follow(child) {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"]
  const pass = (signal) => child.kill(signal)
  const family = lineage()
  const watch = setInterval(() => {
    if (lineage() !== family) child.kill("SIGTERM")
  }, 500)
  for (const signal of signals) process.on(signal, pass)
  return () => {
    clearInterval(watch)
    for (const signal of signals) process.off(signal, pass)
  }
}

function handOver(name, args) {
  // The server idles most of its life: a small young generation keeps it small.
  const flags = name === "start" ? ["--max-semi-space-size=1", "--optimize-for-size"] : []
  const child = spawn(pinnedNode, [...flags, join(root, "scripts", `${name}.ts`), ...args], {
    cwd: root,
    stdio: "inherit",
    env: {
      NODE_COMPILE_CACHE: join(modules, ".cache", "node"),
      ...process.env,
      PATH: `${join(modules, ".bin")}:${process.env.PATH ?? ""}`,
    },
  })
  const stop = follow(child)
  child.on("error", (error) => fail(`cannot start the pinned Node: ${error.message}`))
  child.on("exit", (code, signal) => {
    stop()
    if (signal !== null) process.kill(process.pid, signal)
    process.exitCode = code ?? 1
  })
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Edgecrew needs Node 20 or newer to start; this is ${process.version}.`)
}
const [name, ...args] = process.argv.slice(2)
if (!name || !/^[a-z-]+$/.test(name) || !existsSync(join(root, "scripts", `${name}.ts`))) {
  fail("usage: node scripts/bootstrap.mjs <start|dev|test|verify|bench|chaos> [arguments]")
}
const lock = readFileSync(lockFile, "utf8")
const stamp = createHash("sha256").update(lock).digest("hex")
if (needsInstall(lock, stamp)) await installOnce(lock, stamp)
handOver(name, args)
