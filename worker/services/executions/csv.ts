type Cell = string | number | null

/** What a spreadsheet takes for the beginning of a formula, also behind blanks; a quote before it makes it text. */
const formula = /^\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/

/** A line of CSV (RFC 4180) that means the same in a spreadsheet. */
export const csvLine = (cells: readonly Cell[]): string => `${cells.map(written).join(",")}\r\n`

function written(cell: Cell): string {
  if (typeof cell !== "string") return cell === null ? "" : String(cell)
  const text = formula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text
}
