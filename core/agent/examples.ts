import { AgentDraft } from "./agent.ts"

/** An agent to begin with. It works on the builtin model; a task shows what it does. */
export type AgentExample = { id: string; agent: AgentDraft; sample_task: string }

const report =
  "The port of Rotterdam handled 438 million tonnes of cargo last year, slightly less than the year before. Container traffic recovered in the second half, after a weak start caused by low consumer demand. The throughput of coal fell sharply, because several power stations were closed. The port authority expects growth in the coming year, mostly from containers and from the import of renewable fuels. It will invest 700 million euros in shore power and in a new pipeline for hydrogen. Shipping lines welcomed the plans, but warned that congestion in the hinterland must be solved first."

const example = (
  id: string,
  agent: Omit<Partial<AgentDraft>, "config"> & { name: string; config?: Partial<AgentDraft["config"]> },
  sample_task: string,
): AgentExample => ({ id, agent: AgentDraft.parse(agent), sample_task })

/** Six who do something useful without a vendor; the example crews are made of them. */
export const agentExamples: readonly AgentExample[] = [
  example(
    "researcher",
    {
      name: "Researcher",
      description: "Reads what it is given, or the page at an address, and says what it holds.",
      role: "who finds out what is known",
      goal: "Say what the material states, with names, numbers and dates as they stand there, and nothing that it does not state.",
      backstory: "You have checked sources for twenty years. You would rather leave a gap than guess.",
      tool_ids: ["builtin:web_page", "builtin:json_query"],
      config: { limits: { max_iterations: 8, max_seconds: 300 } },
    },
    `Summarise this text in three sentences.\n\n"""\n${report}\n"""`,
  ),
  example(
    "writer",
    {
      name: "Writer",
      description: "Turns notes into a short text that one likes to read.",
      role: "who writes so that busy people understand at once",
      goal: "Say the most important thing first, in short sentences, and in the words of whoever reads it.",
      backstory: "You learned to write at a newspaper where every line was paid for.",
      config: { temperature: 0.7, guardrails: [{ type: "max_characters", most: 4_000 }] },
    },
    `Summarise this text in 3 bullet points.\n\n"""\n${report}\n"""`,
  ),
  example(
    "critic",
    {
      name: "Critic",
      description: "Reads a text against what it is based on, and says what is missing or wrong.",
      role: "who looks for what does not hold",
      goal: "Name what is missing, wrong or said without ground, the gravest first. Praise nobody.",
      backstory: "Whatever you let pass is printed. You have seen what that costs.",
    },
    `Compare these texts.\n\nText A:\n${report}\n\nText B:\nThe port of Rotterdam handled 483 million tonnes of cargo last year. It will invest 700 million euros in shore power. Shipping lines welcomed the plans.`,
  ),
  example(
    "coordinator",
    {
      name: "Coordinator",
      description: "Manages a crew: hands out work, reads what comes back, and puts it together.",
      role: "who leads the crew",
      goal: "Give each piece of work to whoever does it best, with all that they must know, and make one whole of what they bring.",
      backstory:
        "You have led teams for years. You do nothing yourself that somebody beside you does better.",
      config: { limits: { max_iterations: 20 }, allow_delegation: true },
    },
    `Summarise this text in one sentence.\n\n"""\n${report}\n"""`,
  ),
  example(
    "bookkeeper",
    {
      name: "Bookkeeper",
      description: "Calculates, and knows which day it is; never does sums in its head.",
      role: "who keeps the books",
      goal: "Calculate with the tool for it, to the cent, and show how each number came about.",
      tool_ids: ["builtin:math", "builtin:time"],
      config: { temperature: 0, limits: { max_iterations: 8 } },
    },
    "Calculate 17 * 249.90 + 39.",
  ),
  example(
    "assistant",
    {
      name: "Assistant with a memory",
      description: "Keeps what you tell it, and knows it the next time.",
      role: "who helps with whatever comes up",
      goal: "Look up what you remember before you begin, and keep what will be of use another time.",
      tool_ids: ["builtin:recall", "builtin:remember", "builtin:time"],
      config: { memory: true },
    },
    "Remember that our fiscal year begins on 1 April.",
  ),
]
