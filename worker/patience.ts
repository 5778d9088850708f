/** An object that says nothing for so long is one that cannot be asked. */
const patienceMs = 5_000

/** What an object answers; throws when it does not in time. What it comes to all the same then stands, and nobody hears of it. */
export async function within<T>(asked: Promise<T>, who: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the ${who} does not answer`)), patienceMs)
  })
  try {
    return await Promise.race([asked, late])
  } finally {
    clearTimeout(timer)
  }
}
