/**
 * What some requests need: that the person gives their password once more. Requests at the same time share one question; whoever shows
 * it (the frame of the signed-in pages) listens here. Where nobody does, nobody can be asked.
 */
let question: { answer: Promise<boolean>; settle: (isProven: boolean) => void } | null = null
const listeners = new Set<() => void>()

const tell = () => {
  for (const listener of listeners) listener()
}

export const proof = {
  /** Resolves when the person has answered: true when the server has taken their password. */
  ask: (): Promise<boolean> => {
    if (listeners.size === 0) return Promise.resolve(false)
    if (question) return question.answer
    let settle: (isProven: boolean) => void = () => undefined
    const answer = new Promise<boolean>((resolve) => {
      settle = resolve
    })
    question = { answer, settle }
    tell()
    return answer
  },

  isAsked: (): boolean => question !== null,

  settle: (isProven: boolean): void => {
    question?.settle(isProven)
    question = null
    tell()
  },

  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) proof.settle(false)
    }
  },
}
