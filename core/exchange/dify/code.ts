import { isTemplate } from "#core/flow/expression/parts"
import { objectsOf, textOf } from "../fields.ts"
import { cutAtMarks } from "../marks.ts"
import { expression, literal } from "../words.ts"
import type { Mapped, StepView } from "./step.ts"

/** The code of a step; what it is called with stands in the scope. Python becomes a tool that runs in the sandbox. */
export function codeStep(view: StepView): Mapped {
  const { data, words } = view
  const language = textOf(data["code_language"]) || "python3"
  if (language === "python3") return pythonStep(view)
  if (language !== "javascript") return { made: { opaque: elsewhere(language) } }
  const code = textOf(data["code"])
  if (!/\bfunction\s+main\b|\bmain\s*=/.test(code)) return { made: { opaque: "Its code has no main." } }
  const named = objectsOf(data["variables"]).map(
    (one) => `${JSON.stringify(textOf(one["variable"]) || "value")}: ${words.inCode(one["value_selector"])}`,
  )
  const source = `// From Dify: main gets its variables as one object.
${code}

export default (input, context) => main({ ${named.join(", ")} })
`
  return { made: { type: "code", data: { source }, notes: [] } }
}

const elsewhere = (language: string): string =>
  `Its code is ${language.slice(0, 40)}, and a flow's step runs JavaScript: put it into a tool that runs in a container.`

function pythonStep({ data, words, program }: StepView): Mapped {
  const code = textOf(data["code"])
  if (!/^(?:async\s+)?def\s+main\b/m.test(code)) return { made: { opaque: "Its code has no main." } }
  const variables = objectsOf(data["variables"]).filter((one) => textOf(one["variable"]) !== "")
  const names = variables.map((one) => textOf(one["variable"]))
  const tool_id = program(
    `# From Dify: main gets its variables by their names.
${code}

import json as _json, sys as _sys
print("\\n" + _json.dumps(main(**_json.load(_sys.stdin))))
`,
    names,
  )
  if (tool_id === undefined) return { made: { opaque: elsewhere("python3") } }
  const strange = librariesIn(code)
  const inputs = Object.fromEntries(
    variables.map((one, i) => [names[i]!, expression(words.selected(one["value_selector"]))]),
  )
  return {
    made: {
      type: "tool",
      data: { tool_id, inputs },
      notes: [
        "Its Python became a tool, which runs in the sandbox: without a network, and with the libraries that are there.",
        ...(strange.length > 0
          ? [`It imports what Python alone does not have: ${strange.join(", ").slice(0, 200)}.`]
          : []),
      ],
    },
  }
}

/** What comes with Python and is met in steps. */
const own = new Set(
  `__future__ abc ast asyncio base64 bisect calendar collections colorsys concurrent contextlib copy csv ctypes dataclasses datetime
  decimal difflib email enum fractions functools glob gzip hashlib heapq hmac html http inspect io ipaddress itertools json
  locale logging math numbers operator os pathlib pickle platform pprint queue random re secrets shutil signal socket sqlite3 ssl
  statistics string struct subprocess sys tempfile textwrap threading time traceback types typing unicodedata urllib uuid
  warnings xml zipfile zlib zoneinfo`.split(/\s+/),
)

/** The libraries that a program imports and Python has not. */
function librariesIn(code: string): string[] {
  const lines = [...code.matchAll(/^[ \t]*(?:import[ \t]+([\w., \t]+)|from[ \t]+(\w[\w.]*)[ \t]+import\b)/gm)]
  const named = lines.flatMap(([, list, from]) => from ?? (list ?? "").split(","))
  const names = named.map((one) => one.trim().split(/[.\s]/, 1)[0] ?? "")
  return [...new Set(names)].filter((name) => name !== "" && !own.has(name))
}

/** A template of Jinja that only fills in variables. */
export function templateStep({ data, words }: StepView): Mapped {
  const template = textOf(data["template"])
  if (/\{%|\{#/.test(template)) return { made: { opaque: "Its template has loops or conditions of Jinja." } }
  const known = new Map(
    objectsOf(data["variables"]).map((one) => [textOf(one["variable"]), one["value_selector"]]),
  )
  const parts = cutAtMarks(template)
  const value: string[] = []
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 0) {
      value.push(literal(part))
      continue
    }
    const [, name = "", rest = ""] = /^\{\{-?\s*(\w+)((?:\.\w+)*)\s*-?\}\}$/.exec(part) ?? []
    const selector = known.get(name)
    if (selector === undefined)
      return { made: { opaque: `Its template has ${part.slice(0, 80)}, which has no counterpart.` } }
    value.push(expression(`${words.selected(selector)}${rest}`))
  }
  return { made: { type: "transform", data: { value: valueOf(value.join("")) }, notes: [] } }
}

/** A text for a transform, which takes a text for an expression unless it is a template; one expression alone would keep its type. */
export function valueOf(text: string): string {
  if (!text.includes("{{")) return JSON.stringify(text)
  return isTemplate(text) && !/^\s*\{\{/.test(text) ? text : `{{ "" }}${text}`
}
