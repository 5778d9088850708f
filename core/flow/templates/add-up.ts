import { at, field, longText, note, to } from "./draw.ts"
import { template } from "./template.ts"

const source = `export default ({ table, column }) => {
  // A line of names, then a line for each row.
  const [names, ...rows] = table.trim().split("\\n").map((line) => line.split(",").map((cell) => cell.trim()))
  const [by, amount] = [names.indexOf(column), names.indexOf("amount")]
  if (by < 0 || amount < 0) throw new Error("The table needs the columns " + column + " and amount.")
  const sums = new Map()
  for (const row of rows) {
    const value = Number(row[amount])
    if (!Number.isFinite(value)) console.warn("left out: " + row.join(","))
    else sums.set(row[by], (sums.get(row[by]) ?? 0) + value)
  }
  console.log("added up " + rows.length + " rows")
  return [...sums].map(([name, sum]) => ({ name, sum })).sort((a, b) => b.sum - a.sum)
}
`

export const addUp = template(
  "add-up",
  "Add up a table",
  "Adds up the amounts of a table by one of its columns, with a few lines of JavaScript. Code runs in a sandbox, without network or files.",
  {
    nodes: [
      note(
        1,
        -1.25,
        "hint",
        "**Code** gets what arrives and returns what goes on. What it prints stands in the step's log.",
      ),
      at(0, 0, "table", "input", "Table"),
      at(1, 0, "sums", "code", "Add up", { source, timeout_ms: 5_000 }),
      at(2, 0, "report", "output", "Sums", {
        value: { largest: "{{ nodes.sums[0].name }}", sums: "{{ nodes.sums }}" },
      }),
    ],
    edges: [to("table", "sums"), to("sums", "report")],
    inputs: {
      table: longText("Table", "Lines with commas between the cells; the first line names the columns"),
      column: field("Column", "By which column the amounts are added up", { default: "category" }),
    },
  },
  {
    table:
      "date,category,amount\n2026-11-02,Travel,120.50\n2026-11-03,Meals,31\n2026-11-03,Travel,64.50\n2026-11-04,Meals,unknown",
    column: "category",
  },
)
