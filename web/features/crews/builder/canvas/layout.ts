import type { CrewDraft } from "#core/crew/crew"
import { delegationOf } from "../edits.ts"

/** Who is drawn: a member, or where a crew's input comes in and its result goes out. */
export type Drawn = { id: string; is: "member" | "input" | "result"; x: number; y: number }
/** `work` follows from the pattern; `hand_over` is who may delegate, drawn by a person or implied. */
export type Line = {
  id: string
  from: string
  to: string
  is: "work" | "hand_over"
  /** It follows from the pattern and can be drawn over, but not taken away by itself. */
  isImplied: boolean
  label: string
}
export type Layout = { drawn: Drawn[]; lines: Line[] }

export const memberSize = { width: 208, height: 60 }
export const endSize = { width: 84, height: 36 }
const gap = { x: 88, y: 76 }
/** Members beside each other, where there is room for them. */
export const wideRow = 5

export const inputId = "in "
export const resultId = "out "

const step = { x: memberSize.width + gap.x, y: memberSize.height + gap.y }

/** A row, or several under each other, around the middle. */
function rows(ids: readonly string[], top: number, mostInRow: number): Drawn[] {
  return ids.map((id, i) => {
    const row = Math.floor(i / mostInRow)
    const inRow = Math.min(mostInRow, ids.length - row * mostInRow)
    const x = ((i % mostInRow) - (inRow - 1) / 2) * step.x
    return { id, is: "member", x, y: top + row * step.y }
  })
}

const column = (ids: readonly string[], x: number): Drawn[] =>
  ids.map((id, i) => ({
    id,
    is: "member",
    x,
    y: (i - (ids.length - 1) / 2) * (memberSize.height + 28),
  }))

const end = (id: string, is: "input" | "result", x: number): Drawn => ({
  id,
  is,
  x,
  y: (memberSize.height - endSize.height) / 2,
})

const work = (from: string, to: string, label = ""): Line => ({
  id: `${from}>${to}`,
  from,
  to,
  is: "work",
  isImplied: true,
  label,
})

const unique = (list: readonly string[]): string[] => [...new Set(list)]

/** How a crew is drawn: its pattern decides where members stand and what leads where. */
export function layoutOf(crew: CrewDraft, mostInRow = wideRow): Layout {
  const { collaboration_pattern: pattern } = crew
  const positions = unique(crew.agents.map((one) => one.position))
  const { drawn, lines } = patterns[pattern](crew, positions, mostInRow)
  const known = new Set(positions)
  const { edges, isDrawn } = delegationOf(crew)
  const handing = edges
    .filter(({ from, to }) => known.has(from) && known.has(to) && from !== to)
    .map((edge): Line => ({
      id: `${edge.from}=>${edge.to}`,
      from: edge.from,
      to: edge.to,
      is: "hand_over",
      isImplied: !isDrawn,
      label: edge.max_cost_micros === undefined ? "" : `$${edge.max_cost_micros / 1_000_000}`,
    }))
  return { drawn, lines: [...lines, ...handing] }
}

type Draw = (crew: CrewDraft, positions: readonly string[], mostInRow: number) => Layout

/** In the order in which their first tasks come; who has none stands at the end. */
const sequential: Draw = ({ tasks }, positions, mostInRow) => {
  const busy = unique(tasks.flatMap((task) => task.position ?? [])).filter((one) => positions.includes(one))
  const order = [...busy, ...positions.filter((one) => !busy.includes(one))]
  const lines = new Map<string, Line>()
  const doers = tasks.flatMap(({ position }) =>
    position !== undefined && positions.includes(position) ? [position] : [],
  )
  for (const [i, from] of doers.entries()) {
    const to = doers[i + 1]
    if (to === undefined || to === from) continue
    const line = lines.get(`${from}>${to}`)
    lines.set(`${from}>${to}`, work(from, to, line ? `${line.label}, ${i + 2}` : String(i + 2)))
  }
  return { drawn: rows(order, 0, mostInRow), lines: [...lines.values()] }
}

const hierarchical: Draw = ({ config }, positions, mostInRow) => {
  const { manager } = config
  const top = manager !== undefined && positions.includes(manager) ? [manager] : []
  const others = positions.filter((one) => !top.includes(one))
  const under = top.length > 0 ? step.y : 0
  return { drawn: [...rows(top, 0, mostInRow), ...rows(others, under, mostInRow)], lines: [] }
}

const parallel: Draw = (_, positions) => ({
  drawn: [
    ...column(positions, 0),
    end(inputId, "input", -(endSize.width + gap.x)),
    end(resultId, "result", memberSize.width + gap.x),
  ],
  lines: positions.flatMap((one) => [work(inputId, one), work(one, resultId)]),
})

const debate: Draw = ({ config }, positions, mostInRow) => {
  const { judge, rounds } = config
  const bench = judge !== undefined && positions.includes(judge) ? [judge] : []
  const speakers = positions.filter((one) => !bench.includes(one))
  const under = Math.ceil(speakers.length / mostInRow) * step.y
  const label = rounds === 1 ? "1 round" : `${rounds} rounds`
  return {
    drawn: [...rows(speakers, 0, mostInRow), ...rows(bench, speakers.length > 0 ? under : 0, mostInRow)],
    lines: [
      ...speakers.slice(1).map((to, i) => work(speakers[i]!, to, i === 0 ? label : "")),
      ...bench.flatMap((to) => speakers.map((from) => work(from, to))),
    ],
  }
}

const patterns: Record<CrewDraft["collaboration_pattern"], Draw> = {
  sequential,
  hierarchical,
  parallel,
  debate,
}
