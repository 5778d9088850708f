/** Every way in which an agent fails by itself, beside what its model and its colleagues fail of. */
export const agentFailures = {
  "agent.guardrail": "The answer does not keep to what is asked of it.",
  "agent.bad_output": "The answer does not fit the output schema.",
  "agent.no_answer": "The agent came to no answer.",
  "agent.cost_limit": "The task would cost more than it may.",
} as const

export type AgentFailureCode = keyof typeof agentFailures

export class AgentFailure extends Error {
  readonly code: AgentFailureCode
  /** The same agent with the same words would fail again. */
  readonly retry = false

  constructor(code: AgentFailureCode, message: string = agentFailures[code]) {
    super(message)
    this.name = "AgentFailure"
    this.code = code
  }
}
