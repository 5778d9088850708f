/** What the steps of a call are called in the body of an agent's turn. A question that a person is asked, */
export const question = "ask"
/** the one before a flow, */
export const questionOfFlow = (tool: string): string => `ask_${tool}`
/** and the flow itself. */
export const flowOfTool = (tool: string): string => `flow_${tool}`

export const isQuestion = (id: string): boolean => id === question || id.startsWith(questionOfFlow(""))
