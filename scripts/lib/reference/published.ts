import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { at } from "../paths.ts"
import { run, tail } from "../processes.ts"
import { Refusal, step } from "../progress.ts"

/** What such a program needs in turn is as old as this, so that it is the same whenever it is fetched. */
const asOf = "2026-11-15"

/**
 * A program that others publish and that judges the product from outside: no dependency of it, fetched when it is asked for
 * and kept beside the build, none of its install scripts run. Answers with the file to start.
 */
export async function published(name: string, version: string, file: string): Promise<string> {
  const folder = at("dist", "tools", `${name.replace(/^@/, "").replace("/", "-")}-${version}`)
  const program = join(folder, "node_modules", name, file)
  if (existsSync(program)) return program
  const making = `${folder}.${process.pid}`
  await step(`fetching ${name} ${version}`, `fetched ${name}`, async () => {
    mkdirSync(making, { recursive: true })
    writeFileSync(join(making, "package.json"), '{"private":true}\n')
    const ended = await run(
      "npm",
      [
        "install",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--before",
        asOf,
        "--prefix",
        making,
        `${name}@${version}`,
      ],
      // npm looks for a workspace above the folder it stands in.
      { cwd: making },
    )
    if (ended.code !== 0) {
      rmSync(making, { recursive: true, force: true })
      throw new Refusal(`${tail(ended.output, 20)}\n\n${name} could not be fetched.`)
    }
    rmSync(folder, { recursive: true, force: true })
    renameSync(making, folder)
  })
  return program
}
