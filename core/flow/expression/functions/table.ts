import type { Value } from "../interpreter/value.ts"
import { collections } from "./collections.ts"
import { higherOrder } from "./higher-order.ts"
import { matching } from "./matching.ts"
import { numbers } from "./numbers.ts"
import { clock, pictures } from "./pictures.ts"
import { strings } from "./strings.ts"

/** Every function an expression may call by name: JSONata's, but for those that the guard refuses. */
export const builtins: ReadonlyMap<string, Value> = new Map(
  Object.entries({
    ...strings,
    ...matching,
    ...numbers,
    ...collections,
    ...higherOrder,
    ...pictures,
    ...clock,
  }),
)
