import type { Client, Entry } from "../kit/client.ts"
import { careful, programs } from "./programs.ts"

type Output = { run?: string; at?: number }

interface Attempt {
  attempt: number
  begunAt: number
  log: string
}

/** What one program step went through, as the journal has it. */
interface Story {
  attempts: Attempt[]
  /** When the run was first asked for that the next result may come from: what is given up and begun anew is another. */
  askedAt: number
  interruptions: number
  results: { attempt: number; output: Output }[]
}

const storyOf = (journal: readonly Entry[], step: string): Story => {
  const story: Story = { attempts: [], askedAt: 0, interruptions: 0, results: [] }
  let isSameRun = false
  for (const { type, at, node_id, attempt = 0, data } of journal) {
    if (node_id !== step) continue
    const said = data as { message?: string; stream?: string; output?: Output; error?: { code?: string } }
    if (type === "tool.started") {
      story.attempts.push({ attempt, begunAt: Date.parse(at), log: "" })
      if (!isSameRun) story.askedAt = Date.parse(at)
    }
    const of = story.attempts.findLast((one) => one.attempt === attempt)
    if (type === "tool.log" && said.stream === "stdout" && of) of.log += said.message ?? ""
    if (type === "node.retrying") isSameRun = said.error?.code === "step.interrupted"
    if (type === "node.interrupted") {
      story.interruptions++
      isSameRun = true
    }
    if (type === "node.succeeded") story.results.push({ attempt, output: said.output ?? {} })
  }
  return story
}

/** Results that should not count, people asked in vain, output lost or doubled: each in a sentence. */
export async function fencing(client: Client, execution: string): Promise<string[]> {
  const journal = await client.journal(execution)
  return programs.flatMap((step) => faultsOf(storyOf(journal, step), `${execution}/${step}`, step))
}

function faultsOf(story: Story, name: string, step: string): string[] {
  const faults: string[] = []
  const [result] = story.results
  const last = story.attempts.at(-1)
  if (story.results.length !== 1 || !result || !last)
    return [`${name} has ${story.results.length} results of ${story.attempts.length} attempts`]
  const { run = "", at = 0 } = result.output
  if (result.attempt !== last.attempt)
    faults.push(`${name}: attempt ${result.attempt} counts, attempt ${last.attempt} was the last`)
  if (at < story.askedAt)
    faults.push(
      `${name}: its result is of a run that had begun ${story.askedAt - at} ms before it was asked for`,
    )
  if (step !== careful && story.interruptions > 0)
    faults.push(`${name}: a person was asked, though it may be repeated`)
  const lines = last.log.split("\n").filter((line) => line !== "")
  const whole = [`begun ${run}`, `acted ${run}`]
  if (lines.join() !== whole.join())
    faults.push(`${name}: its log is ${JSON.stringify(lines)}, its run ${run}`)
  return faults
}
