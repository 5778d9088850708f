import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { at } from "../paths.ts"
import { run, tail } from "../processes.ts"
import { startFresh } from "../../../test/kit/server.ts"
import { published } from "./published.ts"

/** The API's own document, as a running installation serves it; answers with the file. */
export async function documentFile(): Promise<string> {
  const { server, end } = await startFresh()
  try {
    const response = await fetch(`${server.address}/api/v1/openapi.json`)
    const file = at("dist", "openapi.json")
    mkdirSync(at("dist"), { recursive: true })
    writeFileSync(file, await response.text())
    return file
  } finally {
    await end()
  }
}

interface Remark {
  code: string
  message: string
  path: (string | number)[]
  /** 0 is an error, 1 a warning. */
  severity: number
}

/** What Spectral says of the document by its rules for OpenAPI, without those that `test/security/spectral.yaml` judges. */
export async function bySpectral(): Promise<{ operations: number; problems: string[] }> {
  const [program, file] = [
    await published("@stoplight/spectral-cli", "6.16.3", "dist/index.js"),
    await documentFile(),
  ]
  const rules = at("test", "security", "spectral.yaml")
  const told = at("dist", "spectral.json")
  const args = ["lint", file, "-r", rules, "-f", "json", "-o", told, "--fail-severity", "hint"]
  const ended = await run(process.execPath, [program, ...args])
  // One when there is something to say, two when it could not look.
  if (ended.code > 1) throw new Error(`Spectral ended:\n${tail(ended.output)}`)
  const remarks = JSON.parse(readFileSync(told, "utf8")) as Remark[]
  const { paths } = JSON.parse(readFileSync(file, "utf8")) as { paths: Record<string, object> }
  return {
    operations: Object.values(paths).reduce((sum, methods) => sum + Object.keys(methods).length, 0),
    problems: remarks.map(
      ({ severity, code, message, path }) =>
        `${severity === 0 ? "error" : "warning"} ${code}: ${message} (${path.join("/")})`,
    ),
  }
}
