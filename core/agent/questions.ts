import type { ToolDefinition } from "#core/tool/tool"

/** What the steps of a call are called in the body of an agent's turn. A question that a person is asked, */
export const question = "ask"
/** one that somebody else than the starter answers (no tool can be called so), */
export const questionOfOthers = "ask__others"
/** the one before a flow, */
export const questionOfFlow = (tool: string): string => `ask_${tool}`
/** and the flow itself. */
export const flowOfTool = (tool: string): string => `flow_${tool}`

export const isQuestion = (id: string): boolean => id === question || id.startsWith(questionOfFlow(""))

/** Whether somebody else than who started the execution must allow a call: it acts on the world outside (OWASP ASVS 5.0, 2.3.5). */
export const wantsOthers = ({ risk }: Pick<ToolDefinition, "risk">): boolean => risk === "danger"
