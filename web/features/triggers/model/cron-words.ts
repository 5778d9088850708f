const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]

const nicknames: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
}

/**
 * What a cron expression says, in a sentence: "At 09:00 on weekdays". Null where it says more than fits a sentence; the next
 * fires then speak for themselves.
 */
export function sayCron(cron: string): string | null {
  const written = cron.trim().toLowerCase()
  const parts = (nicknames[written] ?? written).split(/\s+/)
  if (parts.length !== 5) return null
  const [minute, hour, day, month, weekday] = parts as [string, string, string, string, string]
  const time = sayTime(minute, hour)
  const date = sayDate(day, weekday)
  const season = sayList(month, months, 1)
  if (time === null || date === null || season === null) return null
  const isEvery = time.startsWith("Every")
  const onDays = date === "" ? (isEvery || month !== "*" ? "" : " every day") : ` ${date}`
  return `${time}${onDays}${season === "" ? "" : ` in ${season}`}`
}

const isNumber = (part: string, most: number): boolean => /^\d{1,2}$/.test(part) && Number(part) <= most
const twoDigits = (part: string): string => part.padStart(2, "0")

function sayTime(minute: string, hour: string): string | null {
  const step = /^(?:\*|0)\/(\d{1,2})$/
  const minutes = step.exec(minute)?.[1]
  if (minute === "*" && hour === "*") return "Every minute"
  if (minutes !== undefined && hour === "*")
    return minutes === "1" ? "Every minute" : `Every ${minutes} minutes`
  const marks = minute.split(",")
  if (!marks.every((one) => isNumber(one, 59))) return null
  const past = marks.map((one) => `:${twoDigits(one)}`)
  if (hour === "*") return marks.join() === "0" ? "Every hour" : `Every hour at ${listed(past)}`
  const hours = step.exec(hour)?.[1]
  if (hours !== undefined && marks.length === 1)
    return `Every ${hours} hours${marks[0] === "0" ? "" : ` at ${past[0]}`}`
  const span = /^(\d{1,2})-(\d{1,2})$/.exec(hour)
  if (span && isNumber(span[1]!, 23) && isNumber(span[2]!, 23) && marks.length === 1)
    return `Every hour from ${twoDigits(span[1]!)}${past[0]} to ${twoDigits(span[2]!)}${past[0]}`
  const clock = hour.split(",")
  if (!clock.every((one) => isNumber(one, 23)) || clock.length * marks.length > 6) return null
  return `At ${listed(clock.flatMap((h) => marks.map((m) => `${twoDigits(h)}:${twoDigits(m)}`)))}`
}

function sayDate(day: string, weekday: string): string | null {
  if (day !== "*" && weekday !== "*") return null
  if (weekday !== "*") {
    if (weekday === "1-5" || weekday === "mon-fri") return "on weekdays"
    if (["0,6", "6,0", "sat,sun", "6-7", "sun,sat"].includes(weekday)) return "at weekends"
    const named = sayList(weekday, days, 0)
    return named && `on ${named}`
  }
  if (day === "*") return ""
  if (day === "l") return "on the last day of the month"
  const dates = day.split(",")
  return dates.every((one) => isNumber(one, 31)) && dates.length <= 6
    ? `on the ${listed(dates.map(ordinal))}`
    : null
}

/** Names of a field: numbers or their first three letters, lists and spans of them. Empty: all. */
function sayList(field: string, names: readonly string[], first: number): string | null {
  if (field === "*") return ""
  const nameOf = (part: string): string | undefined => {
    const byName = names.find((name) => name.slice(0, 3).toLowerCase() === part)
    if (byName) return byName
    if (!/^\d{1,2}$/.test(part)) return undefined
    // Sunday is 0 and 7.
    return names[first === 0 ? Number(part) % 7 : Number(part) - first]
  }
  const said = field.split(",").map((part) => {
    const [from, to, ...more] = part.split("-")
    const a = nameOf(from ?? "")
    if (to === undefined) return a
    const b = nameOf(to)
    return a && b && more.length === 0 ? `${a} to ${b}` : undefined
  })
  return said.every((one) => one !== undefined) ? listed(said) : null
}

const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)!}`

function ordinal(number: string): string {
  const n = Number(number)
  const end =
    n % 10 === 1 && n !== 11 ? "st" : n % 10 === 2 && n !== 12 ? "nd" : n % 10 === 3 && n !== 13 ? "rd" : "th"
  return `${n}${end}`
}

/** "Every 90 seconds", "Every 2 hours". */
export function sayInterval(seconds: number): string {
  const units = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ] as const
  const [size, unit] = units.find(([one]) => seconds % one === 0)!
  const count = seconds / size
  return count === 1 ? `Every ${unit}` : `Every ${count.toLocaleString("en")} ${unit}s`
}
