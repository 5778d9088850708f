/** What a prompt of the harness calls its effect: `effect <name> …`. */
export const nameIn = (text: string): string => /^effect (\S+)/.exec(text)?.[1] ?? ""
