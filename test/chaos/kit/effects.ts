import type { Receiver } from "../../kit/receiver.ts"
import { nameIn } from "./names.ts"
import type { Vendor } from "./vendor.ts"

/** What the outside was asked to do: by the effect's name, the keys that it came under, and how often it came at all. */
export class Effects {
  readonly #vendor: Pick<Vendor, "calls">
  readonly #receiver: Receiver

  constructor(vendor: Pick<Vendor, "calls">, receiver: Receiver) {
    this.#vendor = vendor
    this.#receiver = receiver
  }

  /** Keys by effect. A receiver does what a key asks for once, so two keys for one effect are two effects. */
  keys(): Map<string, Set<string>> {
    const keys = new Map<string, Set<string>>()
    const add = (name: string, key: string | undefined): void => {
      const known = keys.get(name) ?? new Set()
      // What has no key is done each time.
      keys.set(name, known.add(key ?? `none ${known.size}`))
    }
    for (const { text, key } of this.#vendor.calls()) add(nameIn(text), key)
    for (const { name, key } of this.#receiver.effects) add(name, key)
    return keys
  }

  get sends(): number {
    return this.#vendor.calls().length + this.#receiver.sent.length
  }
}
