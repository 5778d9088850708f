import type { ExecutionSummary } from "#core/contract/executions"

const columns = [
  "id",
  "flow_id",
  "flow_name",
  "flow_version",
  "status",
  "actor",
  "error_code",
  "error_message",
  "created_at",
  "started_at",
  "finished_at",
  "duration_ms",
  "input_tokens",
  "output_tokens",
  "cost_micros",
] as const

const flat = ({
  error,
  ...row
}: ExecutionSummary): Record<(typeof columns)[number], string | number | null> => ({
  ...row,
  error_code: error?.code ?? null,
  error_message: error?.message ?? null,
})

/** A cell as spreadsheets read it; what they would take for a formula is kept a text. */
function cellOf(value: string | number | null): string {
  if (value === null) return ""
  if (typeof value === "number") return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows of the list as a file (RFC 4180). */
export const toCsv = (rows: readonly ExecutionSummary[]): string =>
  [columns.join(","), ...rows.map((row) => columns.map((column) => cellOf(flat(row)[column])).join(","))]
    .map((line) => `${line}\r\n`)
    .join("")

/** Rows of the list as a file, a JSON object each line. */
export const toNdjson = (rows: readonly ExecutionSummary[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("")
