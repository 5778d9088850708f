import noSimd from "argon2id/dist/no-simd.wasm"
import simd from "argon2id/dist/simd.wasm"
import setup, { type computeHash } from "argon2id/lib/setup.js"

let hash: computeHash | undefined

/** argon2id from a module that was compiled at deployment: an isolate may not compile code at run time. Undefined where it will not start. */
export async function argon2(): Promise<computeHash | undefined> {
  if (hash) return hash
  const start = (module: WebAssembly.Module) => async (imports: WebAssembly.Imports) => ({
    module,
    instance: await WebAssembly.instantiate(module, imports),
  })
  try {
    hash = await setup(start(simd), start(noSimd))
  } catch (error) {
    console.error(JSON.stringify({ level: "error", event: "argon2.unavailable", message: String(error) }))
  }
  return hash
}
