/** Where a function runs in a Dynamic Worker: the same answers as in the runner (`harness.ts`), as lines of JSON. */
export const dynamicHarness = `const { stringify } = JSON
const encoder = new TextEncoder()
const wordsOf = (error) => error instanceof Error ? error.name + ": " + error.message : String(error)
const shown = (value) => {
  if (typeof value === "string") return value
  if (value instanceof Error) return value.stack ?? String(value)
  try { return stringify(value) ?? String(value) } catch { return String(value) }
}
export default {
  async fetch(request) {
    const { input, context } = await request.json()
    const { readable, writable } = new TransformStream()
    const writer = writable.getWriter()
    const say = (text) => void writer.write(encoder.encode(text + "\\n")).catch(() => {})
    const printing = (stream) => (...values) => say(stringify({ stream, d: values.map(shown).join(" ") + "\\n" }))
    const out = printing("stdout")
    const err = printing("stderr")
    globalThis.console = { log: out, info: out, debug: out, dir: out, warn: err, error: err, trace: err }
    // Who waits for nothing that could come would be taken for hung, and not for late.
    const alive = setTimeout(() => {}, 2 ** 31 - 1)
    const end = (text) => { clearTimeout(alive); say('{"end":' + text + "}"); return writer.close().catch(() => {}) }
    const saying = (name, text) => end('{"' + name + '":' + stringify(text) + "}")
    const work = async () => {
      let value
      try {
        const { default: made } = await import("code.js")
        if (typeof made !== "function") return saying("error", "The code exports no function by default.")
        value = await made(input, context)
      } catch (error) {
        return saying("error", wordsOf(error))
      }
      let text
      try { text = stringify(value === undefined ? null : value) } catch (error) { return saying("bad", wordsOf(error)) }
      return text === undefined ? saying("bad", "What it returned is no JSON.") : end('{"value":' + text + "}")
    }
    void work()
    return new Response(readable)
  },
}
`
