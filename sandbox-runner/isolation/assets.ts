import { existsSync } from "node:fs"
import { join } from "node:path"

/** Beside the bundle in the image, one folder up in the source: `runners/` and `seccomp/` are files, not code of ours. */
export function assets(folder: "runners" | "seccomp"): string {
  const found = [import.meta.dirname, join(import.meta.dirname, "..")]
    .map((dir) => join(dir, folder))
    .find((dir) => existsSync(dir))
  if (found === undefined) throw new Error(`The folder ${folder} is missing beside the runner.`)
  return found
}
