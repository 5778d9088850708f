/** Tells who draws the whole canvas that something on it has moved of which React Flow says nothing: it is in a hand. */
export class Moves {
  private readonly listeners = new Set<() => void>()

  readonly tell = (): void => {
    for (const listener of this.listeners) listener()
  }

  /** Answers how to stop. */
  follow(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
}
