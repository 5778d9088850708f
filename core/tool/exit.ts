/** How a program ended: by a code of its own, or by a signal. */
export type ProgramExit = { code: number } | { signal: string }

/** The beginning of what is said of a program that failed. */
export const sayExit = (exit: ProgramExit): string =>
  "signal" in exit ? `The program was ended by ${exit.signal}` : `The program ended with code ${exit.code}`

/** How a program ended, as its failure's message says; undefined where it says nothing of that. */
export function exitIn(message: string): ProgramExit | undefined {
  const said = /^The program (?:ended with code (\d+)|was ended by (SIG[A-Z0-9]+))/.exec(message)
  if (said?.[1] !== undefined) return { code: Number(said[1]) }
  return said?.[2] === undefined ? undefined : { signal: said[2] }
}
