import { at, field, longText, note, to } from "./draw.ts"
import { template } from "./template.ts"

const source = `export default ({ table }) => {
  const [names, ...rows] = table.trim().split("\\n").map((line) => line.split(",").map((cell) => cell.trim()))
  console.log("read " + rows.length + " rows of " + names.join(", "))
  // What looks like a number is one, so that it can be compared and added up.
  const read = (cell) => (cell !== "" && Number.isFinite(Number(cell)) ? Number(cell) : cell)
  return rows.map((row) => Object.fromEntries(names.map((name, i) => [name, read(row[i] ?? "")])))
}
`

export const askTable = template(
  "ask-table",
  "Ask a table",
  "Reads a table with a few lines of JavaScript and answers a question about it with the builtin tool for JSON. A wrong question takes the error route.",
  {
    nodes: [
      note(
        2,
        -1.25,
        "hint",
        "**Builtin tools** are there for everybody. This one answers *JSONata*, such as `data[amount > 50].place`, or `$sum(data.amount)`.",
      ),
      at(0, 0, "table", "input", "Table"),
      at(1, 0, "rows", "code", "Read it", { source, timeout_ms: 5_000 }),
      at(2, 0, "ask", "tool", "Ask", {
        tool_id: "builtin:json_query",
        inputs: { data: "{{ nodes.rows }}", query: "{{ input.question }}" },
        on_error: "route",
      }),
      at(3, 0, "answer", "output", "Answer", {
        value: { question: "{{ input.question }}", answer: "{{ nodes.ask.result }}" },
      }),
      at(3, 1, "wrong", "output", "No answer", { value: { why: "{{ incoming.message }}" } }),
    ],
    edges: [to("table", "rows"), to("rows", "ask"), to("ask", "answer"), to("ask", "wrong", "error")],
    inputs: {
      table: longText("Table", "Lines with commas between the cells; the first line names the columns"),
      question: field("Question", "In JSONata; the rows are seen as data", { minLength: 1 }),
    },
  },
  {
    table:
      "place,month,amount\nRotterdam,January,120\nHamburg,January,80\nRotterdam,February,95\nHamburg,February,40",
    question: "data[amount > 90].{ 'place': place, 'month': month }",
  },
)
