import type { RunLimits, RunResult } from "../../core/contract/sandbox.ts"
import type { Outcome } from "../backend.ts"
import { parseJson } from "../depth.ts"
import { TarReader } from "../tar.ts"

/** Levels of a result: deeper ones are refused, nobody reads them and many a parser falls over them. */
const resultDepth = 64

export type Ending = Omit<RunResult, "stdout" | "stderr">

/** What became of a run, read from the program's bytes with all the care they need. */
export function endingOf(id: string, outcome: Outcome, limits: RunLimits, isolation: string): Ending {
  const result = readResult(outcome, limits)
  const archive = readArchive(outcome, limits)
  return {
    id,
    status: outcome.status,
    reason: outcome.reason,
    exit_code: outcome.exit_code,
    signal: outcome.signal,
    truncated: outcome.truncated,
    ...result,
    ...archive,
    usage: outcome.usage,
    isolation,
  }
}

function readResult(outcome: Outcome, limits: RunLimits): Pick<RunResult, "result" | "result_error"> {
  if (outcome.result === null) return { result_error: null }
  if (outcome.resultTruncated || outcome.result.length > limits.result_bytes)
    return { result_error: `The result is larger than ${limits.result_bytes} bytes.` }
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(outcome.result)
  } catch {
    return { result_error: "The result is not UTF-8." }
  }
  const json = parseJson(text, resultDepth)
  if (!json.ok) return { result_error: `The result cannot be read: ${json.error}.` }
  // It came out of JSON.parse, so it is JSON.
  return { result: json.value as NonNullable<RunResult["result"]>, result_error: null }
}

function readArchive(outcome: Outcome, limits: RunLimits): Pick<RunResult, "artifacts" | "artifacts_error"> {
  if (outcome.archive === null) return { artifacts: [], artifacts_error: null }
  const reader = new TarReader({ files: limits.artifact_files, bytes: limits.artifact_bytes })
  reader.push(outcome.archive)
  const { files, refused, problem } = reader.end()
  const faults = [
    ...(problem === null
      ? []
      : [outcome.archiveTruncated ? `the files are larger than ${limits.artifact_bytes} bytes` : problem]),
    ...(refused === 0 ? [] : [`${refused} entries are no regular files with plain paths`]),
  ]
  return {
    artifacts: files.map(({ path, bytes }) => ({ path, size: bytes.length, b64: bytes.toString("base64") })),
    artifacts_error: faults.length === 0 ? null : `Not all artefacts are here: ${faults.join("; ")}.`,
  }
}
