/** What walks back the furthest in the expressions and readers of ours, each to be said again and again. */
const pumps = [
  ...Array.from(" \t\naA0.,!_-='\"“«`*|/<()[{\\é中😀\u2028"),

  "\n ",
  " \n",
  ".,",
  "; ",
  "<a",
  "<a>",
  "<a>\n",
  "<li",
  "<b ",
  "<br ",
  "((",
  "){",
  "{{",
  "{{ ",
  "{{a",
  "{{a}}",
  "${",
  "$(",

  "a ",
  "a a\n",
  "A’",
  "Aa ",
  "AA-",
  "1 000 ",
  "1.000.",
  "0 x ",
  "0 * ",
  "0/0/",
  "1-",
  "€1 ",
  "1. a\n",
  "- a\n",
  "| a ",
  "a@",
  "a@a.",

  "://",
  "http://a",
  "http://a:b",
  "sk-",
  "-eyJabcdefghij",
  "your",
  "password=",
  "Bearer ",
  "export ",
  "await ",
  "import a\n",

  ": ",
  ":\t",
  "a: ",
  "label: ",
  "a, and ",
  " and ",
  "in a, ",
  "you are in  ",
  "please ",
  "to the ",
  "as\t",
  "into ",
  "date ",
  "model ",
  "tool",

  "```\n",
  '"""',
  "&amp",
  "a\\",
  "'s ",
  "M Sr H ",
  "Dear A ",
  "on a wrote:\n",
  "invoice ",
  "invoice no: ",
  "total (",
  "BE12 3456 ",
  "+1 (0) ",

  "a && ",
  "a == null == ",
  "a ? ",
  "`${a}",
  '"a" + ',
  "x.y[0].",
  "\\\\",
  "[Y,1",
  ",000",
  "#",
  "{{#a",
  "{{#a.b#}}",
  "-output-1",
]

/** What may stand before and behind: an opening that is never closed, an end that cannot match. */
const ends: [string, string][] = [
  ["", ""],
  ["", "\u0001"],
  ['"', "\n!"],
]

type EvilText = { name: string; text: string }

/** Every evil text of a length. */
export const evilTexts = (length: number): EvilText[] =>
  pumps.flatMap((pump) =>
    ends.map(([before, end]) => ({
      name: `${JSON.stringify(before + pump)}… ${JSON.stringify(end)}`,
      text: before + pump.repeat(Math.ceil(length / pump.length)).slice(0, length) + end,
    })),
  )

/** More processor time than a text of this length may take; what walks back takes minutes. */
export const mostMs = 2_000

/** Processor time of an action at its quickest, ms, so that whatever else a machine does counts little; more than once only when it is slow. */
export async function quickest(act: () => unknown): Promise<number> {
  let ms = Infinity
  for (let i = 0; i < 3 && ms > mostMs; i++) {
    const since = process.threadCpuUsage()
    await act()
    const { user, system } = process.threadCpuUsage(since)
    ms = Math.min(ms, (user + system) / 1_000)
  }
  return ms
}
