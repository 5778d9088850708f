export const noStore = { "cache-control": "no-store" }

/** Who has hung up is found out by writing alone: so often something is written, whatever there is to say. */
const stillMs = 1_000
const still = ": still here\n\n"

type Telling<T> = {
  /** What is told, as it comes; ended early it stops its work. */
  told: AsyncGenerator<T, void>
  /** The first of it, when it was asked for already. */
  first?: Promise<IteratorResult<T, void>>
  /** What is said before anything else. */
  opening?: string
  say: (one: T) => string
  /** Whether nothing comes after it. */
  isLast: (one: T) => boolean
  /** The last words when it breaks off. */
  broken: (error: unknown) => string | Promise<string>
  /** Told when the client has gone. */
  leave: () => void
}

/** What a promise comes to, unless that takes longer. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Server-sent events that are made while they are sent, for a model that may think for long; whoever hangs up stops it. */
export function telling<T>({ told, first, opening, say, isLast, broken, leave }: Telling<T>): Response {
  const encoder = new TextEncoder()
  let isLeft = false
  let next = first
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      if (opening !== undefined) controller.enqueue(encoder.encode(opening))
    },
    pull: async (controller) => {
      try {
        next ??= told.next()
        const heard = await within(next, stillMs)
        if (isLeft) return
        if (!heard) return controller.enqueue(encoder.encode(still))
        next = undefined
        const { done, value } = heard
        if (done) return controller.close()
        controller.enqueue(encoder.encode(say(value)))
        if (!isLast(value)) return
        controller.close()
        await told.return()
      } catch (error) {
        if (isLeft) return
        controller.enqueue(encoder.encode(await broken(error)))
        controller.close()
      }
    },
    cancel: () => {
      isLeft = true
      leave()
      // What waits for the model hears of it by the signal, what does not by being ended; nobody is told what comes of that.
      next?.catch(() => undefined)
      told.return().catch(() => undefined)
    },
  })
  return new Response(body, {
    headers: { ...noStore, "content-type": "text/event-stream", "x-accel-buffering": "no" },
  })
}
