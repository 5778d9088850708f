/** Why an agent was asked for its answer without tools, before it had come to one by itself. */
const earlyEnds = ["limit", "stuck", "time", "cost"] as const
export type EarlyEnd = (typeof earlyEnds)[number]

/** What a journal says of it. */
export const earlyEndOf = (said: unknown): EarlyEnd | undefined => earlyEnds.find((one) => one === said)
