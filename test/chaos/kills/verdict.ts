import { isDeepStrictEqual } from "node:util"
import { setTimeout as sleep } from "node:timers/promises"
import { isSettled } from "#core/execution/status"
import type { Client } from "../kit/client.ts"
import type { Effects } from "../kit/effects.ts"
import type { Subject } from "./subject.ts"

/** What should not be, each in a sentence; all empty when all is well. */
export interface Verdict {
  /** Events that somebody was told and the journal does not have, or not so; journals with gaps. */
  lost: string[]
  /** Effects that were done other than once. */
  doubled: string[]
  /** Executions that did not end, or not as they should. */
  stuck: string[]
  /** The tenant's index does not say what the journal says. */
  astray: string[]
  /** How many events viewers were told, effects were done, and requests for them were sent. */
  told: number
  effects: number
  sends: number
}

interface Truth {
  expected: (subject: Subject) => unknown
  effectsOf: (subject: Subject) => string[]
  /** Those that the product gave up for a good reason: they have failed, and did nothing twice. */
  givenUp?: ReadonlySet<string>
}

/** Holds journals, what viewers were told, what receivers did and the index against each other. */
export async function judge(
  client: Client,
  subjects: readonly Subject[],
  effects: Effects,
  { expected, effectsOf, givenUp = new Set() }: Truth,
): Promise<Verdict> {
  const verdict: Verdict = {
    lost: [],
    doubled: [],
    stuck: [],
    astray: [],
    told: subjects.reduce((sum, { viewer }) => sum + viewer.told.length, 0),
    effects: 0,
    sends: effects.sends,
  }
  const keys = effects.keys()
  for (const subject of subjects) {
    verdict.lost.push(...(await lossesOf(client, subject)))
    const { status, outputs, error } = await client.look(subject.id)
    const isGivenUp = givenUp.has(subject.id)
    const isRight = isGivenUp
      ? status === "failed"
      : isSettled(status) && isDeepStrictEqual([status, outputs], ["succeeded", expected(subject)])
    if (!isRight) verdict.stuck.push(`${subject.id} is ${status} with ${JSON.stringify(outputs ?? error)}`)
    for (const name of effectsOf(subject)) {
      const count = keys.get(name)?.size ?? 0
      verdict.effects += count
      if (isGivenUp ? count > 1 : count !== 1)
        verdict.doubled.push(`${name} was done ${count} times: ${[...(keys.get(name) ?? [])].join(", ")}`)
    }
  }
  verdict.astray.push(...(await strays(client, subjects, givenUp)))
  return verdict
}

async function lossesOf(client: Client, { id, viewer }: Subject): Promise<string[]> {
  const journal = await client.journal(id)
  const gaps = journal.flatMap(({ seq }, i) =>
    seq === i + 1 ? [] : [`${id}: event ${seq} stands at place ${i + 1}`],
  )
  const missing = viewer.told.flatMap(({ seq, bytes }) =>
    JSON.stringify(journal[seq - 1]) === bytes ? [] : [`${id}: ${viewer.wire} told ${bytes}`],
  )
  const unseen =
    viewer.isOver && viewer.told.length !== journal.length
      ? [`${id}: ${viewer.told.length} of ${journal.length} events were told`]
      : []
  return [...gaps, ...missing, ...unseen, ...viewer.odd.map((what) => `${id}: ${what}`)]
}

const mostIndexMs = 10_000

/** The index follows within moments. */
async function strays(
  client: Client,
  subjects: readonly Subject[],
  givenUp: ReadonlySet<string>,
): Promise<string[]> {
  for (const until = performance.now() + mostIndexMs; ; await sleep(250)) {
    const index = await client.index()
    const wrong = subjects.filter(({ id }) => index.get(id) !== (givenUp.has(id) ? "failed" : "succeeded"))
    if (wrong.length === 0 || performance.now() > until)
      return wrong.map(({ id }) => `the index says that ${id} is ${index.get(id)}`)
  }
}
