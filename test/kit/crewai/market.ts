/** A hierarchical crew whose tasks name nobody: Python assigns them, and makes the manager. */
export const market = {
  agents_yaml: `analyst:
  role: Stock analyst
  goal: Judge how {company} stands
  backstory: You read balance sheets for pleasure.
  llm: anthropic/claude-sonnet-4-5
  memory: true
  allow_delegation: true
  reasoning: true
  max_reasoning_attempts: 3
  knowledge_sources: []
news_reader:
  role: News reader
  goal: Know what was written about {company}
  backstory: You begin your day with forty newspapers.
  max_iter: 400
  allow_code_execution: false
  system_template: "<|start|>{{ .System }}<|end|>"
advisor:
  role: Adviser
  goal: Say whether to buy
  backstory: You have seen four crashes.
  allow_delegation: false
  mood: cheerful
`,
  tasks_yaml: `numbers:
  description: Analyse revenue, margin and debt of {company}.
  expected_output: A judgement with its numbers
news:
  description: Gather the news of {company} since the last quarter.
  expected_output: What may move the price
  context:
advice:
  description: Weigh numbers and news, and advise.
  expected_output: "Buy, hold or sell, and why"
  context: []
`,
}
