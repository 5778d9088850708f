import type { AliasTarget, ModelAlias } from "#core/contract/model-aliases"

/** Targets that share the calls between them, and those that are asked when these fail. */
export type Rung = { order: number; targets: AliasTarget[] }

/** The targets as a ladder: equal orders stand together, later ones are asked when earlier ones fail. */
export function ladderOf(targets: readonly AliasTarget[]): Rung[] {
  const rungs = new Map<number, AliasTarget[]>()
  for (const target of targets) rungs.set(target.order, [...(rungs.get(target.order) ?? []), target])
  return [...rungs]
    .toSorted(([one], [other]) => one - other)
    .map(([order, held]) => ({ order, targets: held }))
}

/** "gpt-5 70 %, gpt-5-mini 30 %, then claude-sonnet-4-5": what an alias asks, in a line. */
export function sayLadder({ targets }: Pick<ModelAlias, "targets">): string {
  return ladderOf(targets)
    .map((rung) => {
      const whole = rung.targets.reduce((sum, one) => sum + one.weight, 0)
      return rung.targets
        .map(({ model, weight }) =>
          rung.targets.length === 1 ? model : `${model} ${Math.round((weight / whole) * 100)} %`,
        )
        .join(", ")
    })
    .join(", then ")
}

/** Orders from 0 without gaps, in the order of the list; `alongside` shares the order of the one before it. */
export function orderedTargets(rows: readonly (AliasTarget & { alongside: boolean })[]): AliasTarget[] {
  let order = -1
  return rows.map(({ alongside, ...target }, i) => {
    if (i === 0 || !alongside) order++
    return { ...target, order }
  })
}
