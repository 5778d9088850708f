import { adviceFor } from "#web/flow/error-advice.ts"

/** Where the way out is in the tool itself, and not in a node of a flow. */
const ofTools: Record<string, string> = {
  "http.status_401": "Check the tool's credential.",
  "http.status_403": "Check what the tool's credential may do.",
  "http.status_404": "Check the tool's address, and the arguments that stand in it.",
  "http.status_429": "The server wants fewer calls: wait a while, then call it again.",
  "http.bad_url": "Mend the tool's address.",
  "http.bad_request": "Mend the tool's headers and method.",
  "http.credential_missing": "Choose another credential in the tool, or turn it on in the settings.",
  "http.timeout": "Raise the tool's time limit, or look whether the server is up.",
  "tool.inputs_invalid": "Change the arguments above.",
  "step.timeout": "Raise the tool's time limit.",
}

/** What to do when a call by hand has failed. */
export function toolAdvice(code: string): string {
  const own = Object.hasOwn(ofTools, code) ? ofTools[code] : undefined
  if (own !== undefined) return own
  return code.startsWith("http.")
    ? "Look at the answer for what it wants, and whether the server is up."
    : adviceFor(code).say
}
