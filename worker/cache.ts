/** An isolate's memory of something, with an end to each entry and a bound: the oldest goes first. */
export class BoundedCache<K, V> {
  readonly #entries = new Map<K, { value: V; until: number }>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  get(key: K, now: number): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    if (entry.until > now) return entry.value
    this.#entries.delete(key)
    return undefined
  }

  set(key: K, value: V, until: number): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until })
    if (this.#entries.size <= this.#most) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      break
    }
  }

  delete(key: K): void {
    this.#entries.delete(key)
  }

  clear(): void {
    this.#entries.clear()
  }
}
