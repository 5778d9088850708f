import * as z from "zod"
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { extname, join } from "node:path"
import type { V4WorkerOptions } from "miniflare"
import { bin } from "./paths.ts"
import { run, tail } from "./processes.ts"
import { Refusal } from "./progress.ts"

const moduleTypes: Record<string, "ESModule" | "Text" | "Data" | "CompiledWasm"> = {
  ".js": "ESModule",
  ".sql": "Text",
  ".txt": "Text",
  ".bin": "Data",
  ".wasm": "CompiledWasm",
}

/** What we name of the bindings; Miniflare checks the rest when it takes them. */
const Bindings = z.looseObject({ name: z.string(), bindings: z.record(z.string(), z.json()).default({}) })

const bindingsFile = "bindings.json"

/** Bundles the Worker of a wrangler configuration, as a deployment would, with its bindings beside it. `more` is for wrangler. */
export async function writeBundle(
  config: string,
  folder: string,
  more: readonly string[] = [],
): Promise<void> {
  const next = `${folder}.next`
  rmSync(next, { recursive: true, force: true })
  // Wrangler reads every page that it is pointed at, and those may be in the making at this moment; a bundle holds none.
  const noPages = join(next, "pages")
  mkdirSync(noPages, { recursive: true })
  const quiet = {
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_HIDE_BANNER: "true",
    WRANGLER_WRITE_LOGS: "false",
    FORCE_COLOR: undefined,
    NO_COLOR: "1",
  }
  const ended = await run(
    bin("wrangler"),
    [
      "deploy",
      ...more,
      "--dry-run",
      // The runner's image is built when it is deployed, by whoever has Docker; a bundle holds none.
      "--containers-rollout=none",
      "--config",
      config,
      "--assets",
      noPages,
      "--outdir",
      next,
      "--metafile",
      join(next, "meta.json"),
    ],
    { env: quiet },
  )
  if (ended.code !== 0) throw new Refusal(`${tail(ended.output)}\n\nThe Worker does not build.`)
  const { unstable_getMiniflareWorkerOptions, unstable_readConfig } = await import("wrangler")
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config)
  const name = unstable_readConfig({ config }).name
  writeFileSync(join(next, bindingsFile), JSON.stringify({ ...workerOptions, name }))
  rmSync(folder, { recursive: true, force: true })
  renameSync(next, folder)
}

/** A bundle as Miniflare takes it: its modules and its bindings. */
export function readBundle(folder: string): V4WorkerOptions & { name: string } {
  const bindings = Bindings.parse(JSON.parse(readFileSync(join(folder, bindingsFile), "utf8")))
  const files = readdirSync(folder).filter((file) => extname(file) in moduleTypes)
  // The main module comes first.
  const ordered = ["index.js", ...files.filter((file) => file !== "index.js")]
  return {
    ...bindings,
    modulesRoot: folder,
    modules: ordered.map((file) => ({
      type: moduleTypes[extname(file)] ?? "Data",
      path: join(folder, file),
    })),
  }
}
