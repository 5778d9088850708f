import { apply } from "#core/canvas/apply"
import { canvasOf, draftOf, stateOfDraft, type Canvas, type Draft } from "#core/canvas/canvas"
import type { Finding, FlowGraph } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import { blameOf, fieldSet, keyOf, type Made } from "./blame.ts"
import { compile, type SayGone } from "./compile.ts"
import { closureOf, needsOf, order } from "./needs.ts"
import type { Proposed } from "./operation.ts"

/** A proposed change against the flow as it is. */
export type ExaminedItem = {
  /** It is part of the draft that the proposal leads to. */
  is: "included" | "refused" | "invalid"
  /** The changes without which this one cannot be made. */
  needs: number[]
  /** Why it cannot be accepted. */
  faults: string[]
  warnings: string[]
}

export type Examined = {
  items: ExaminedItem[]
  /** The flow with everything that is included. New nodes lie at the corner of what they are inside: a page finds their places. */
  draft: Draft
  /** What would be wrong with the flow that was not wrong before, and is nobody's alone. */
  findings: Finding[]
}

type Options = {
  /** Changes that a person does not want. */
  refused?: ReadonlySet<number>
  /** Nodes that were there when the changes were proposed. */
  known?: ReadonlySet<string>
  check?: (graph: FlowGraph) => Finding[]
}

/** A finding that no change accounts for by itself is looked for by leaving changes out, so often at most. */
const mostTrials = 60

/**
 * What a proposal comes to: every change is compiled against the flow, those that others need come first, and what would break
 * the flow is left out together with what builds on it, until the rest is sound. Never throws; applies nothing.
 */
export function examine(draft: Draft, proposed: readonly Proposed[], options: Options = {}): Examined {
  const { refused = new Set<number>(), check = validateFlow } = options
  const sayGone: SayGone = (id) =>
    options.known?.has(id) ? `The node ${id} was removed meanwhile.` : `There is no node ${id}.`
  const needs = needsOf(draft, proposed)
  const before = new Set(check(draft).map(keyOf))
  const faults = proposed.map((one) => [...one.faults])
  const trial = (without: ReadonlySet<number>) => attempt(draft, proposed, needs, without, sayGone)
  const fresh = (made: Made) =>
    check(made.draft).filter((one) => !before.has(keyOf(one)) || fieldSet(one, made, proposed))
  let trials = mostTrials
  for (;;) {
    const out = closureOf([...refused, ...faults.flatMap((list, i) => (list.length > 0 ? [i] : []))], needs)
    const made = trial(out)
    made.faults.forEach((why, i) => why !== undefined && faults[i]!.push(why))
    if (made.faults.some((why) => why !== undefined)) continue
    const findings = fresh(made)
    const errors = findings.filter(({ severity }) => severity === "error")
    const blamed = errors.map((finding) => ({ finding, by: blameOf(finding, made, proposed) }))
    const lost = blamed.find(({ by }) => by.length === 0)
    if (lost) {
      const culprits = leavingOut(made, (i) => {
        if (trials-- <= 0) return true
        return !fresh(trial(closureOf([...out, i], needs))).some((one) => keyOf(one) === keyOf(lost.finding))
      })
      lost.by.push(...culprits)
    }
    const guilty = blamed.filter(({ by }) => by.length > 0)
    if (guilty.length === 0) return outcome(made, proposed, { out, refused, needs, faults, findings })
    for (const { finding, by } of guilty)
      for (const i of by) if (!faults[i]!.includes(finding.message)) faults[i]!.push(finding.message)
  }
}

/** The change without which a finding would not be, the last first; when none is found, the last of all. */
function leavingOut(made: Made, isGoneWithout: (i: number) => boolean): number[] {
  const culprit = made.included.toReversed().find(isGoneWithout)
  return culprit === undefined ? made.included.slice(-1) : [culprit]
}

function attempt(
  draft: Draft,
  proposed: readonly Proposed[],
  needs: readonly (readonly number[])[],
  without: ReadonlySet<number>,
  sayGone: SayGone,
): Made & { faults: (string | undefined)[] } {
  const canvas: Canvas = canvasOf(stateOfDraft(draft))
  const faults: (string | undefined)[] = proposed.map(() => undefined)
  const edges = new Map<string, number>()
  const included: number[] = []
  for (const i of order(needs)) {
    const operation = proposed[i]?.operation
    if (!operation || without.has(i)) continue
    const compiled = compile(canvas, operation, sayGone)
    if ("fault" in compiled) {
      faults[i] = compiled.fault
      continue
    }
    for (const one of compiled.operations) apply(canvas, one)
    if (compiled.edge !== undefined) edges.set(compiled.edge, i)
    included.push(i)
  }
  return { draft: draftOf(canvas), included: included.toSorted((a, b) => a - b), edges, faults }
}

type Verdict = {
  out: ReadonlySet<number>
  refused: ReadonlySet<number>
  needs: number[][]
  faults: string[][]
  findings: Finding[]
}

function outcome(
  made: Made,
  proposed: readonly Proposed[],
  { out, refused, needs, faults, findings }: Verdict,
): Examined {
  const warnings: string[][] = proposed.map(() => [])
  const left: Finding[] = []
  for (const finding of findings) {
    const by = blameOf(finding, made, proposed)
    for (const i of by) warnings[i]!.push(finding.message)
    if (by.length === 0) left.push(finding)
  }
  const items = proposed.map((_, i): ExaminedItem => {
    const own = faults[i]!
    // What builds on a change that cannot be made cannot be made either.
    const lost = needs[i]!.find((one) => faults[one]!.length > 0)
    const why =
      own.length > 0 ? own : lost === undefined ? [] : [`It needs change ${lost + 1}, which cannot be made.`]
    const is = why.length > 0 ? "invalid" : refused.has(i) || out.has(i) ? "refused" : "included"
    return { is, needs: needs[i]!, faults: why, warnings: is === "included" ? warnings[i]! : [] }
  })
  return { items, draft: made.draft, findings: left }
}
