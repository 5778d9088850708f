import * as z from "zod"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import { at, bin, root } from "./paths.ts"
import { run } from "./processes.ts"

const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(""),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})
type Report = z.infer<typeof Report>

export interface Tally {
  passed: number
  /** Each with its file, its name and why. */
  failed: string[]
  skipped: string[]
  output: string
}

/** Adds up a report; a file that could not be loaded counts as a failed test. */
export function tally(report: Report): Omit<Tally, "output"> {
  const counted = { passed: 0, failed: new Array<string>(), skipped: new Array<string>() }
  for (const file of report.testResults) {
    const path = relative(root, file.name)
    const before = counted.failed.length
    for (const test of file.assertionResults) {
      const name = `${path} > ${test.fullName}`
      if (test.status === "passed") counted.passed++
      else if (test.status === "failed")
        counted.failed.push([name, ...(test.failureMessages ?? [])].join("\n"))
      else counted.skipped.push(name)
    }
    if (file.status === "failed" && counted.failed.length === before)
      counted.failed.push(`${path}\n${file.message}`)
  }
  return counted
}

const Config = z.object({
  default: z.object({
    test: z.object({ projects: z.array(z.object({ test: z.object({ name: z.string() }) })) }),
  }),
})

/** The projects of vitest.config.ts, in its order. */
export async function projectNames(): Promise<string[]> {
  const config: unknown = await import(at("vitest.config.ts"))
  return Config.parse(config).default.test.projects.map((project) => project.test.name)
}

/** Runs one vitest project and counts what it reports; output goes on as it comes. */
export async function runProject(project: string, onOutput: (text: string) => void): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "edgecrew-tests-"))
  const file = join(folder, "report.json")
  const args = [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${file}`,
  ]
  try {
    const ended = await run(bin("vitest"), [...args, "--allowOnly=false"], { onOutput })
    const counted = existsSync(file)
      ? tally(Report.parse(JSON.parse(readFileSync(file, "utf8"))))
      : { passed: 0, failed: [], skipped: [] }
    // An error outside of any test, or no report at all.
    if (ended.code !== 0 && counted.failed.length === 0) {
      counted.failed.push(
        `vitest ended with exit code ${ended.code} in project ${project}\n${ended.output.slice(-4000)}`,
      )
    }
    return { ...counted, output: ended.output }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
