import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { fingerprint } from "./fingerprint.ts"
import { withLock } from "./lock.ts"
import { at, bin } from "./paths.ts"
import { run, tail } from "./processes.ts"
import { Refusal, step } from "./progress.ts"

interface Build {
  what: string
  inputs: string[]
  output: string
  make: () => Promise<void>
}

const dist = at("dist")
const shared = ["package.json", "package-lock.json", "tsconfig.base.json"]

/** Where the bundled Worker lies. */
export const workerFolder = at("dist", "worker")

/** What the Worker is made from, beside its packages. */
export const workerSources = ["wrangler.toml", "core", "durable", "worker", "migrations"]

const worker: Build = {
  what: "the Worker",
  inputs: [...shared, ...workerSources],
  output: workerFolder,
  make: () => bundleWorker(at("wrangler.toml"), workerFolder),
}

const pages: Build = {
  what: "the pages",
  inputs: [...shared, "web", "core"],
  output: at("dist", "web"),
  make: async () => {
    // One after the other: the pages empty their folder first, and the widget for other sites lies in it too.
    for (const config of ["web/vite.config.ts", "web/widget/vite.config.ts"]) {
      const ended = await run(bin("vite"), ["build", "--config", config], {
        // Whatever the shell says: a page of another mode is larger and slower.
        env: { NO_COLOR: "1", NODE_ENV: "production" },
      })
      if (ended.code !== 0) throw new Refusal(`${tail(ended.output)}\n\nThe pages do not build.`)
    }
  },
}

/** Where the Worker lies that dies where the chaos harness wants it to. */
export const chaosFolder = at("dist", "chaos")

const chaos: Build = {
  what: "the Worker with its crash points",
  inputs: [...shared, ...workerSources, "test/chaos/worker"],
  output: chaosFolder,
  make: () =>
    bundleWorker(
      at("wrangler.toml"),
      chaosFolder,
      at("test", "chaos", "worker", "index.ts"),
      "--define",
      "globalThis.crashpoint:globalThis.crashpoint",
    ),
}

const builds = { pages, worker, chaos }

/** Bundles the Worker of a wrangler configuration into a folder; `more` is for wrangler. */
export async function bundleWorker(config: string, folder: string, ...more: string[]): Promise<void> {
  const ended = await run(process.execPath, [at("scripts", "bundle.ts"), config, folder, ...more])
  if (ended.code !== 0) throw new Refusal(tail(ended.output))
}

/** Builds what changed since it was last built; servers that start together build once. */
export async function buildChanged(names: readonly (keyof typeof builds)[]): Promise<void> {
  mkdirSync(at("dist", "web"), { recursive: true })
  const build = async () => {
    const stale = names.map((name) => builds[name]).filter(isStale)
    await Promise.all(stale.map((one) => step(`building ${one.what}`, `built ${one.what}`, () => make(one))))
  }
  await withLock(at("dist", "build.lock"), build, () =>
    console.log("  waiting for another start that builds in this folder"),
  )
}

const stampOf = (build: Build): string => `${build.output}.stamp`

function isStale(build: Build): boolean {
  if (!existsSync(build.output) || !existsSync(stampOf(build))) return true
  return readFileSync(stampOf(build), "utf8") !== fingerprint(build.inputs)
}

async function make(build: Build): Promise<void> {
  // Taken before the build: an edit made while it runs makes the result stale, not fresh.
  const stamp = fingerprint(build.inputs)
  await build.make()
  mkdirSync(dist, { recursive: true })
  writeFileSync(stampOf(build), stamp)
}
