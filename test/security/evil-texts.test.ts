import { describe, expect, it } from "vitest"
import { heardSoFar } from "#core/builder/answer"
import { titleOf } from "#core/chat/title"
import { nameOf, slugOf, toPlaceholders } from "#core/crew/crewai-words"
import { readDocument } from "#core/exchange/read"
import { nodeName, plainText } from "#core/exchange/words"
import { checkExpression, checkTemplate } from "#core/flow/expression/check"
import { partsOf } from "#core/flow/expression/parts"
import { readOutput } from "#core/llm/output"
import { countTokens } from "#core/llm/tokens"
import { samenessOf, wordsOf } from "#core/memory/rank"
import { timingFaults } from "#core/schedule/timing"
import { readJson } from "#core/strict-json"
import { pageText } from "#core/tool/builtin/page-text"
import { secretsIn } from "#core/tool/secrets"
import { redactUrl } from "#core/trace/words"
import { evilTexts, mostMs, quickest } from "#test/kit/evil-texts"
import { redacted } from "#worker/llm/redact"
import { csvLine } from "#worker/services/executions/csv"

/** Whatever reads a text that somebody outside has written; refusing it is an answer too. */
const readers: [string, (text: string) => unknown][] = [
  ["JSON", readJson],
  ["a file to import", readDocument],
  ["rich text", plainText],
  ["a name of elsewhere", (text) => nodeName(text, new Set())],
  ["a key of CrewAI", (text) => [nameOf(text), slugOf(text, new Set())]],
  ["a text for CrewAI", toPlaceholders],
  ["an expression", checkExpression],
  ["a template", checkTemplate],
  ["the parts of a template", partsOf],
  ["placeholders of credentials", secretsIn],
  ["a page of the web", pageText],
  ["what a model answers", (text) => readOutput({ type: "object" }, text)],
  ["what the builder has heard so far", heardSoFar],
  ["the tokens of a text", countTokens],
  ["a chat's first message", titleOf],
  ["a memory", (text) => [wordsOf(text), samenessOf(text)]],
  ["a schedule", (text) => timingFaults({ cron: text, time_zone: "UTC" } as never, 0)],
  ["an address in a trace", redactUrl],
  ["what a vendor says went wrong", (text) => redacted(text, [])],
  ["a cell of an export", (text) => csvLine([text])],
]

const texts = evilTexts(100_000)

describe("[A6] a text that is made to take long", () => {
  it.each(readers)(
    "is read as %s in no time",
    async (_, read) => {
      for (const { name, text } of texts) {
        const ms = await quickest(() => {
          try {
            read(text)
          } catch {
            // Refused.
          }
        })
        expect([name, ms > mostMs ? ms : 0]).toEqual([name, 0])
      }
    },
    240_000,
  )
})
