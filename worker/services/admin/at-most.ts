/** The answers about a list in its order, of which so many are asked for at a time: a Worker has six connections. */
export async function atMost<T, R>(
  width: number,
  list: readonly T[],
  ask: (one: T) => Promise<R>,
): Promise<R[]> {
  const answers: R[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let i = next++; i < list.length; i = next++) answers[i] = await ask(list[i]!)
  }
  await Promise.all(Array.from({ length: Math.min(width, list.length) }, work))
  return answers
}
