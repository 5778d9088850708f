import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect } from "vitest"
import type { Json } from "#core/json"
import type { ContainerProgram, ProgramAnswer } from "#core/tool/program"
import type { ProgramCall } from "#durable/execution/program-port"

/** Our own code needs no sandbox. */
export async function evaluated({ program }: ProgramCall): Promise<ProgramAnswer> {
  if (program.kind === "container") return ran(program)
  const { source, input, context } = program
  const made: { default: (input: Json, context: Json) => Json } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(source)}`
  )
  return { result: made.default(input, context), artifacts: [] }
}

function ran({ runtime, source, input }: ContainerProgram): ProgramAnswer {
  expect(runtime).toBe("python")
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-example-"))
  const { stdout, stderr } = spawnSync("python3", ["-c", source ?? ""], {
    cwd: folder,
    input: JSON.stringify(input),
    encoding: "utf8",
  })
  expect(stderr).toBe("")
  const out = join(folder, "out")
  const artifacts = (existsSync(out) ? readdirSync(out) : []).map((path) => ({
    path,
    size: statSync(join(out, path)).size,
    url: `/api/v1/executions/exec/artifacts/step/${path}`,
  }))
  rmSync(folder, { recursive: true })
  return { result: JSON.parse(stdout.trim().split("\n").at(-1) ?? "null") as Json, artifacts }
}
