const browsers: readonly [RegExp, string][] = [
  [/Edg\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\//, "Firefox"],
  [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
  [/curl\//, "curl"],
]

const systems: readonly [RegExp, string][] = [
  [/iPhone|iPad/, "iOS"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
]

const first = (table: readonly [RegExp, string][], agent: string) =>
  table.find(([sign]) => sign.test(agent))?.[1]

/** "Chrome on macOS", from what a browser says of itself. */
export function sayDevice(agent: string): { name: string; isPhone: boolean } {
  const browser = first(browsers, agent)
  const system = first(systems, agent)
  const name =
    browser && system
      ? `${browser} on ${system}`
      : (browser ?? system ?? (agent.slice(0, 60) || "Unknown device"))
  return { name, isPhone: /Mobile|iPhone|Android/.test(agent) }
}
