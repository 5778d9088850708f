/** “A”, “B”, “C” and 4 more: who keeps something from being deleted. */
export function usersSaid(users: readonly { name: string }[]): string {
  const shown = users.slice(0, 3).map(({ name }) => `“${name}”`)
  const rest = users.length > shown.length ? ` and ${users.length - shown.length} more` : ""
  return `${shown.join(", ")}${rest}`
}
