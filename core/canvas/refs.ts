import { partsOf, type Operation } from "./operation.ts"

/**
 * Short numbers for node ids, so that an edit takes a few bytes. They are given in the server's order and never anew, also when a
 * node goes and comes back; so everybody who has read the same operations has the same numbers.
 */
export class Refs {
  readonly ids: string[]
  private readonly numbers: Map<string, number>

  constructor(ids: readonly string[]) {
    this.ids = [...ids]
    this.numbers = new Map(this.ids.map((id, i) => [id, i]))
  }

  numberOf(id: string): number | undefined {
    return this.numbers.get(id)
  }

  idOf(number: number): string | undefined {
    return this.ids[number]
  }

  /** Takes in an operation that has its place in the server's order. */
  note(operation: Operation): void {
    for (const part of partsOf(operation)) {
      if (part.type !== "add") continue
      for (const { id } of part.nodes) this.add(id)
    }
  }

  private add(id: string): void {
    if (this.numbers.has(id)) return
    this.numbers.set(id, this.ids.length)
    this.ids.push(id)
  }
}
