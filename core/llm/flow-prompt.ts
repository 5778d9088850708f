/**
 * The words by which a request to change a flow is laid out, so that the builtin model finds its parts as a language model does.
 * Each stands at the beginning of a line of its own and is followed by JSON without line breaks, which nothing inside can end.
 */
export const flowPrompt = {
  catalogue: "Catalogue: ",
  flow: "Flow: ",
  selected: "Selected: ",
  request: "Request: ",
} as const

/** The title of the schema that the answer has to fit. */
export const flowAnswerTitle = "Changes of a flow"
