import * as z from "zod"
import { common, errorHandle, firstLine, out, type Kind } from "./kind.ts"

export const CodeData = z.strictObject({
  source: z.string().min(1, { error: "Write the code" }).max(200_000).meta({
    title: "Code",
    description: "JavaScript: export default (input, context) => …; what it returns is the output",
  }),
  ...common,
})
export type CodeData = z.infer<typeof CodeData>

/** Whether a module gives anything by default; a comment that says so passes, and fails when it is executed. */
export const exportsDefault = (source: string): boolean =>
  /\bexport\b(?:(?!\bexport\b)[^;])*\bdefault\b/.test(source)

export const code: Kind = {
  type: "code",
  title: "Code",
  summary: "Computes its output with JavaScript, without network or files",
  family: "tools",
  icon: "square-function",
  act: "program",
  data: CodeData,
  takesInput: true,
  handles: () => [out, errorHandle],
  // What stands in braces in JavaScript is JavaScript.
  expressions: () => [],
  substance: (data) => firstLine(firstCodeLine(data["source"])) || "No code yet",
}

const firstCodeLine = (source: unknown): unknown =>
  typeof source === "string"
    ? source.split("\n").find((line) => line.trim() !== "" && !line.trim().startsWith("//"))
    : source
