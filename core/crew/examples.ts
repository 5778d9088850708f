import type { JsonObject } from "#core/json"
import { CrewDraft } from "./crew.ts"

/** A member of an example, whose agent is named by the example that it comes from. */
type Member = { example: string; position: string; goal?: string }

/** A crew to begin with. It works on the builtin model; a sample shows what it does. */
export type CrewExample = {
  id: string
  crew: Omit<CrewDraft, "agents">
  members: readonly Member[]
  sample_input: JsonObject
}

type Said = Omit<Partial<CrewDraft>, "agents" | "tasks" | "config"> & {
  name: string
  collaboration_pattern: CrewDraft["collaboration_pattern"]
  tasks: (Partial<CrewDraft["tasks"][number]> & { id: string; description: string })[]
  config?: Partial<CrewDraft["config"]>
}

function example(id: string, said: Said, members: readonly Member[], text: string): CrewExample {
  const { agents: _, ...crew } = CrewDraft.parse({
    ...said,
    input_schema: {
      type: "object",
      properties: { text: { type: "string", title: "Text", minLength: 1, examples: [text] } },
      required: ["text"],
    },
  })
  return { id, crew, members, sample_input: { text } }
}

/** The text that the crew is given, marked off from what is to be done with it. */
const given = '\n\n"""\n{{ input.text }}\n"""'

/** One crew of each pattern, made of the example agents. */
export const crewExamples: readonly CrewExample[] = [
  example(
    "briefing",
    {
      name: "Briefing",
      description: "One after another: find what matters, write it up, check it against the source.",
      collaboration_pattern: "sequential",
      tasks: [
        {
          id: "facts",
          description: `Summarise this text in five sentences, with its numbers and names.${given}`,
          expected_output: "Sentences that stand in the text, and no others.",
          position: "researcher",
        },
        {
          id: "briefing",
          description: 'Summarise this in 3 bullet points.\n\n"""\n{{ tasks.facts }}\n"""',
          expected_output: "Three points, the most important one first.",
          position: "writer",
        },
        {
          id: "check",
          description: "Compare these texts.\n\nText A:\n{{ input.text }}\n\nText B:\n{{ tasks.briefing }}",
          position: "critic",
          context: [],
        },
      ],
    },
    [
      { example: "researcher", position: "researcher" },
      { example: "writer", position: "writer" },
      { example: "critic", position: "critic" },
    ],
    "The city council has approved the new tram line to the harbour. Construction begins in March and is to take two years. The line will cost 84 million euros, of which the state pays half. Three bus lines will end when the first tram runs. Shop owners in Bridge Street fear for their business during construction, because the street will be closed for eight months. The council promised them a fund of 1.2 million euros. The opposition called the plan too expensive and asked for a referendum.",
  ),
  example(
    "newsroom",
    {
      name: "Newsroom",
      description: "A coordinator hands work to a researcher, a writer and a critic, and puts it together.",
      collaboration_pattern: "hierarchical",
      config: { manager: "coordinator", max_depth: 2, max_delegations: 6 },
      tasks: [
        {
          id: "article",
          description: `Summarise this text in three sentences: have the facts found, a text written, and what was written checked.${given}`,
          expected_output: "A short text that holds only what the source states.",
        },
      ],
    },
    [
      { example: "coordinator", position: "coordinator" },
      { example: "researcher", position: "researcher" },
      { example: "writer", position: "writer" },
      { example: "critic", position: "critic" },
    ],
    "Researchers in Utrecht have followed 2,400 nurses for six years. Those who worked more than four night shifts a month slept 50 minutes less a day, also weeks after the last of them. Blood pressure rose in both groups, but twice as fast among the night workers. The authors advise hospitals to plan nights in blocks with at least two free days after each. They point out that nurses who felt unwell left the study more often, so the effect may be larger than measured. The hospital association called the advice sensible, but hard to follow with the staff there is.",
  ),
  example(
    "mail-desk",
    {
      name: "Mail desk",
      description:
        "All at once: what a mail is about, how its writer feels, and a first draft of the answer.",
      collaboration_pattern: "parallel",
      tasks: [
        {
          id: "topics",
          description: `List the 5 most important keywords of this mail.${given}`,
          position: "researcher",
        },
        {
          id: "mood",
          description: `Classify the sentiment of this mail as one of: positive, neutral, negative.${given}`,
          position: "critic",
        },
        {
          id: "answer",
          description: `Draft a reply to this mail. Sign as Customer care.${given}`,
          position: "writer",
        },
      ],
    },
    [
      { example: "researcher", position: "researcher" },
      { example: "critic", position: "critic" },
      { example: "writer", position: "writer" },
    ],
    "Dear team,\n\nmy order 77812 arrived on Monday, but the glass of the lamp is broken and the box was damaged. I am quite disappointed. Can you send me a replacement? And do I have to send the broken one back?\n\nBest regards,\nTomás Ferreira",
  ),
  example(
    "two-sides",
    {
      name: "Two sides",
      description:
        "A debate: one speaks for it, one against it, in two rounds; then a judge says what holds.",
      collaboration_pattern: "debate",
      config: { judge: "judge", rounds: 2 },
      tasks: [
        {
          id: "question",
          description: `Summarise in two sentences what in this text speaks for your side.${given}`,
          expected_output: "The strongest reasons, and what they rest on.",
        },
      ],
    },
    [
      {
        example: "writer",
        position: "advocate",
        goal: "Speak for the plan: what is gained by it, and for whom.",
      },
      {
        example: "critic",
        position: "opponent",
        goal: "Speak against the plan: what it costs, and who bears it.",
      },
      {
        example: "coordinator",
        position: "judge",
        goal: "Weigh what both sides said, and decide which reasons hold.",
      },
    ],
    "The company wants to move to a four-day week with full pay. A trial with 60 people showed that sales stayed the same and sick days fell by a fifth. Applications rose by a third after the trial became known. Customer service needed two more people to cover Fridays. Deadlines of joint projects with partners slipped by four days on average. The works council welcomes the plan; the production managers say that machines cannot stand still for a day.",
  ),
]
