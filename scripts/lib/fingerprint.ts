import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { root } from "./paths.ts"

const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path)

/** Every file under the paths (relative to the checkout), sorted; tests only when asked for. */
export function filesUnder(paths: readonly string[], options: { tests: boolean }): string[] {
  const found: string[] = []
  const visit = (path: string): void => {
    const absolute = join(root, path)
    if (!existsSync(absolute)) return
    if (!statSync(absolute).isDirectory()) found.push(path)
    else for (const name of readdirSync(absolute)) visit(`${path}/${name}`)
  }
  for (const path of paths) visit(path)
  return found.filter((path) => options.tests || !isTest(path)).sort()
}

/** One hash of the contents of everything under the paths but tests, and of where the checkout lies. */
export function fingerprint(paths: readonly string[]): string {
  const hash = createHash("sha256").update(root)
  for (const path of filesUnder(paths, { tests: false })) {
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  }
  return hash.digest("hex")
}
