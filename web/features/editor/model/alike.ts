import type { FlowNode } from "#core/flow/graph"

const sameBut = <T extends object>(one: T, other: T, except?: keyof T): boolean => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const keys = Object.keys(one) as (keyof T)[]
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => key === except || (Object.hasOwn(other, key) && one[key] === other[key]))
  )
}

/** Whether each field is the same value or object. */
export const sameFields = <T extends object>(one: T, other: T): boolean => sameBut(one, other)

/** Whether a node is the same but for its place. */
export const isOnlyMoved = (was: FlowNode, now: FlowNode): boolean =>
  was === now || sameBut(was, now, "position")

/** Whether the same nodes stand in the same maps and loops, wherever they are and whatever is in them. */
export const sameStructure = (was: readonly FlowNode[], now: readonly FlowNode[]): boolean =>
  was.length === now.length &&
  was.every((one, i) => {
    const other = now[i]!
    return (
      one === other || (one.id === other.id && one.type === other.type && one.parent_id === other.parent_id)
    )
  })
