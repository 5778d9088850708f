/**
 * Where a function runs in the runner: its text, input and context come on stdin, what it returns goes to the descriptor for results.
 * It is to find there what it would find in a Dynamic Worker: the language, and nothing of Node or of the machine. That is for
 * likeness alone; what keeps it in is the sandbox around it.
 */
export const harness = `(async () => {
  // Not imported: the first import makes a loader, which takes longer than all the rest.
  const { readFileSync, writeFileSync, writeSync } = process.getBuiltinModule("node:fs")
  const { createRequire, registerHooks } = process.getBuiltinModule("node:module")
  const { Buffer } = globalThis
  const { env, exit, stdout } = process
  const end = (said) => {
    const bytes = Buffer.from(said)
    const to = Number(env.RESULT_FD ?? 3)
    for (let at = 0; at < bytes.length; ) at += writeSync(to, bytes, at)
    stdout.write("", () => exit(0))
  }
  const { source, input, context } = JSON.parse(readFileSync(0, "utf8"))
  const place = "/box/function.mjs"
  writeFileSync(place, source)
  let isOwn = true
  registerHooks({
    resolve(name, from, next) {
      if (isOwn && name === place) return (isOwn = false), next(name, from)
      throw new Error("There is no module " + name + " here: code has no imports.")
    },
  })
  // Deleted, not set: the lazy ones of Node would be made first, and that takes longer than all the rest.
  for (const name of ["process", "Buffer", "global", "fetch", "WebSocket", "navigator"]) delete globalThis[name]
  // A promise that nobody keeps would end the program as if all were well.
  setTimeout(() => {}, 2 ** 31 - 1)
  const require = createRequire(place)
  const load = () => {
    try {
      return require(place)
    } catch (error) {
      // It awaits something before it has said what it exports.
      if (error?.code !== "ERR_REQUIRE_ASYNC_MODULE") throw error
      isOwn = true
      return import(place)
    }
  }
  const saying = (name, text) => '{"' + name + '":' + JSON.stringify(text) + "}"
  const wordsOf = (error) => error instanceof Error ? error.name + ": " + error.message : String(error)
  try {
    const loaded = load()
    const { default: made } = loaded instanceof Promise ? await loaded : loaded
    if (typeof made !== "function") return end(saying("error", "The code exports no function by default."))
    const value = await made(input, context)
    let text
    try { text = JSON.stringify(value === undefined ? null : value) } catch (error) { return end(saying("bad", wordsOf(error))) }
    end(text === undefined ? saying("bad", "What it returned is no JSON.") : '{"value":' + text + "}")
  } catch (error) {
    end(saying("error", wordsOf(error)))
  }
})()
`
