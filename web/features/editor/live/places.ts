import type { Presence } from "#core/canvas/frame"

type Listener = (client: number, presence: Presence) => void

/** Where others are, told to those who draw it: many times a second, and so past the page's state. */
export class Places {
  private readonly listeners = new Set<Listener>()

  tell(client: number, presence: Presence): void {
    for (const listener of this.listeners) listener(client, presence)
  }

  /** Answers how to stop. */
  follow(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }
}
