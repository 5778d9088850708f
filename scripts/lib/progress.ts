/** Seconds as a person reads them. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** Says that a piece of work begins, does it, and says how long it took. */
export async function step<T>(doing: string, done: string, work: () => Promise<T>): Promise<T> {
  const since = performance.now()
  console.log(`  ${doing}`)
  const result = await work()
  console.log(`  ${done} in ${seconds(performance.now() - since)}`)
  return result
}

/** A failure that is the user's to mend: shown as its message, without a stack. */
export class Refusal extends Error {
  override name = "Refusal"
}

/** Ours, or a wrong argument as Node names it. */
const isPlain = (error: unknown): error is Error =>
  error instanceof Refusal ||
  (error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"))

/** Runs a command's main function; a refusal is printed plainly and ends with exit code 1. */
export async function main(body: () => Promise<void>): Promise<void> {
  try {
    await body()
  } catch (error) {
    console.error(isPlain(error) ? `\n${error.message}` : error)
    process.exit(1)
  }
}
