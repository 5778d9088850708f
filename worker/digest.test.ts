import { expect, it } from "vitest"
import { sameSecret } from "./digest.ts"

const secret = `eck_${"s".repeat(64)}`
const firstOther = `x${secret.slice(1)}`
const lastOther = `${secret.slice(0, -1)}x`

it("[A52] secrets are the same to the last sign, or they are not, whatever their lengths", () => {
  expect(sameSecret(secret, secret)).toBe(true)
  for (const other of ["", " ", firstOther, lastOther, secret.slice(1), `${secret}s`, secret.toUpperCase()])
    expect([other, sameSecret(other, secret), sameSecret(secret, other)]).toEqual([other, false, false])
})

/** A time is no matter of `npm test`: a machine that does other things as well would fail it. */
it.runIf(process.env["SECURITY"] === "long")(
  "[A52] the time that it takes does not tell how far a guess is right, in a hundred thousand samples",
  () => {
    const batch = 500
    const taken = (guess: string): number => {
      const since = performance.now()
      for (let i = 0; i < batch; i++) sameSecret(guess, secret)
      return performance.now() - since
    }
    const [first, last]: [number[], number[]] = [[], []]
    for (let i = 0; i < 200; i++) {
      // In turns, so that both have the machine's moods.
      first.push(taken(firstOther))
      last.push(taken(lastOther))
    }
    const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length / 2]!
    const ratio = median(first) / median(last)
    console.log(
      JSON.stringify({ compared_secrets: 2 * 200 * batch, ratio_per_mille: Math.round(ratio * 1000) }),
    )
    expect(Math.abs(ratio - 1)).toBeLessThan(0.05)
  },
)
