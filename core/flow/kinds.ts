import { condition } from "./kinds/condition.ts"
import { input } from "./kinds/input.ts"
import type { Kind } from "./kinds/kind.ts"
import { llm } from "./kinds/llm.ts"
import { merge } from "./kinds/merge.ts"
import { output } from "./kinds/output.ts"
import { transform } from "./kinds/transform.ts"

/** Every node kind there is. A new one is a file in `kinds/` and a line here; the compiler names what else it needs. */
export const kinds = { input, output, llm, transform, condition, merge } as const satisfies Record<
  string,
  Kind
>

export type KindType = keyof typeof kinds

/** The kind of that name, or undefined: graphs from elsewhere may hold kinds that this installation lacks. */
export const kindOf = (type: string): Kind | undefined =>
  Object.hasOwn(kinds, type) ? kinds[type as KindType] : undefined
