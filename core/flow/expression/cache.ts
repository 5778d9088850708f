/** Remembers the most recently used values, bounded in number and in total weight. */
export class RecentCache<T> {
  private readonly entries = new Map<string, { value: T; weight: number }>()
  private readonly mostEntries: number
  private readonly mostWeight: number
  private weight = 0

  constructor(mostEntries: number, mostWeight: number) {
    this.mostEntries = mostEntries
    this.mostWeight = mostWeight
  }

  get size(): number {
    return this.entries.size
  }

  get(key: string): T | undefined {
    const entry = this.entries.get(key)
    if (!entry) return undefined
    // Order matters only once something may be thrown out.
    if (this.entries.size * 2 > this.mostEntries || this.weight * 2 > this.mostWeight) {
      this.entries.delete(key)
      this.entries.set(key, entry)
    }
    return entry.value
  }

  set(key: string, value: T, weight: number): void {
    if (weight > this.mostWeight) return
    this.drop(key)
    this.entries.set(key, { value, weight })
    this.weight += weight
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.mostEntries && this.weight <= this.mostWeight) return
      this.drop(oldest)
    }
  }

  private drop(key: string): void {
    const entry = this.entries.get(key)
    if (!entry) return
    this.entries.delete(key)
    this.weight -= entry.weight
  }
}
