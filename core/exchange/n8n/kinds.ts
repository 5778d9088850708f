import { textOf } from "../fields.ts"
import { agentStep, chainStep, classifierStep, extractorStep, vendorStep } from "./ai.ts"
import { filterStep, ifStep, mergeStep, respondStep, subflowStep, switchStep, waitStep } from "./control.ts"
import { codeStep, setStep, splitStep, stopStep } from "./data.ts"
import { httpStep } from "./http.ts"
import { made, opaque, type Maker } from "./step.ts"
import type { N8nNode } from "./workflow.ts"

/** Every kind of step that has a counterpart. */
const makers: Record<string, Maker> = {
  noOp: ({ words }) => made("transform", { value: words.seen.json.root }),
  set: setStep,
  editFields: setStep,
  code: codeStep,
  function: codeStep,
  functionItem: codeStep,
  httpRequest: httpStep,
  if: ifStep,
  filter: filterStep,
  switch: switchStep,
  merge: mergeStep,
  wait: waitStep,
  executeWorkflow: subflowStep,
  respondToWebhook: respondStep,
  splitOut: splitStep,
  stopAndError: stopStep,
  agent: agentStep,
  chainLlm: chainStep,
  openAi: vendorStep,
  anthropic: vendorStep,
  googleGemini: vendorStep,
  textClassifier: classifierStep,
  sentimentAnalysis: classifierStep,
  informationExtractor: extractorStep,
}

/** Packages whose kinds are known by these names; others may use the same names for something else. */
const known = /^(?:n8n-nodes-base|@n8n\/n8n-nodes-langchain)\.|^[A-Za-z]+$/

export const makerOf = ({ type, kind }: N8nNode): Maker =>
  known.test(type) && Object.hasOwn(makers, kind) ? makers[kind]! : () => opaque(whyNot(type, kind))

const whyNot = (type: string, kind: string): string => {
  if (/tool/i.test(kind)) return "A tool of an agent: give it to the agent that is chosen for it."
  if (/^(?:memory|outputParser|embeddings|vectorStore|retriever|document|textSplitter)/.test(kind))
    return "A part of a model's step, which has no counterpart here."
  if (!known.test(type)) return "A step of a community package."
  return "No step does the same: an HTTP request or a tool can take its place."
}

export const isTrigger = ({ kind }: N8nNode): boolean =>
  /trigger$|^(?:webhook|start|cron|interval|formTrigger)$/i.test(kind)
export const isSticky = ({ kind }: N8nNode): boolean => kind === "stickyNote"
/** Steps that hand on what came to them. */
export const passesOn = ({ kind }: N8nNode): boolean =>
  ["if", "filter", "switch", "noOp", "wait", "textClassifier", "sentimentAnalysis"].includes(kind)
export const isLoop = ({ kind }: N8nNode): boolean => kind === "splitInBatches"

/** What begins a flow here in the place of a trigger, in words. */
export function triggerNotes(node: N8nNode): string[] {
  const { kind, parameters: p } = node
  switch (kind) {
    case "manualTrigger":
    case "start":
    case "executeWorkflowTrigger":
      return []
    case "webhook":
      return [
        `Make a webhook trigger for this flow, with the envelope as its inputs (it was ${textOf(p["httpMethod"]) || "GET"} /${textOf(p["path"]).slice(0, 100)}).`,
      ]
    case "scheduleTrigger":
    case "cron":
    case "interval":
      return ["Make a schedule for this flow: what begins a flow is not part of it."]
    case "chatTrigger":
    case "manualChatTrigger":
      return ["Open a chat with this flow; what is said arrives as chatInput."]
    case "formTrigger":
      return ["Make a hosted form for this flow: its fields are those of the input."]
    default:
      return [
        `${kind} begins it there; here a webhook, a schedule or a call does, with what ${kind} gave as the inputs.`,
      ]
  }
}
