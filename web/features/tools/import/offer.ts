import type { ReplyOf } from "#core/contract/endpoint"
import type { ImportableTool, toolImportsApi } from "#core/contract/tool-imports"
import type { JsonSchema } from "#core/flow/graph"
import { ToolName, type Risk } from "#core/tool/tool"
import type * as z from "zod"

/** Something that is to be said of an operation, and where in the document it stands. */
export type Remark = { at?: string; message: string }

/** What could become a tool: an operation of an API, or a tool of an MCP server. */
export type Offer = {
  /** `GET /orders/{id}`, or the tool's name at its server. */
  key: string
  method: string | undefined
  /** The path, or the tool's name at its server. */
  place: string
  title: string
  tags: readonly string[]
  deprecated: boolean
  /** Null where there can be none. */
  tool: z.infer<typeof ImportableTool> | null
  problems: readonly Remark[]
  notes: readonly Remark[]
  /** Alternatives of security schemes that go together. */
  security: readonly (readonly string[])[]
  schema: JsonSchema | null
  hints: { read_only: boolean; destructive: boolean; idempotent: boolean } | undefined
}

export const offersOfApi = ({ operations }: ReplyOf<typeof toolImportsApi.openapi>): Offer[] =>
  operations.map(({ path, summary, ...rest }) => ({
    ...rest,
    place: path,
    title: summary,
    schema: null,
    hints: undefined,
  }))

export const offersOfServer = ({ offered }: ReplyOf<typeof toolImportsApi.mcp>): Offer[] =>
  offered.map(({ tool_name, title, problems, notes, input_schema, ...rest }) => ({
    ...rest,
    key: tool_name,
    method: undefined,
    place: tool_name,
    title: title || (rest.tool?.description ?? ""),
    tags: [],
    deprecated: false,
    problems: problems.map((message) => ({ message })),
    notes: notes.map((message) => ({ message })),
    security: [],
    schema: input_schema,
  }))

/** What a person settles for one of them. */
export type Settled = { name?: string; risk?: Risk; needs_approval?: boolean }

/** A line of the list: an offer as it would be made. */
export type OfferRow = {
  offer: Offer
  isChosen: boolean
  name: string
  risk: Risk
  needsApproval: boolean
  /** What keeps it from being made as it stands. */
  fault: string | undefined
}

type Choice = {
  chosen: ReadonlySet<string>
  settled: ReadonlyMap<string, Settled>
  /** What the server said of them, by key. */
  refused: ReadonlyMap<string, string>
}

/** Every offer with what was settled of it. A row that is as it was keeps its identity, so that the list draws what has changed. */
export function rowsOf(
  offers: readonly Offer[],
  { chosen, settled, refused }: Choice,
  before: readonly OfferRow[],
): OfferRow[] {
  const known = new Map(before.map((row) => [row.offer, row]))
  const named = new Map<string, number>()
  const nameOf = ({ key, tool }: Offer) => settled.get(key)?.name ?? tool?.name ?? ""
  for (const offer of offers)
    if (chosen.has(offer.key)) named.set(nameOf(offer), (named.get(nameOf(offer)) ?? 0) + 1)
  return offers.map((offer) => {
    const { key, tool } = offer
    const own = settled.get(key)
    const name = nameOf(offer)
    const isChosen = tool !== null && chosen.has(key)
    const next: OfferRow = {
      offer,
      isChosen,
      name,
      risk: own?.risk ?? tool?.risk ?? "read",
      needsApproval: own?.needs_approval ?? tool?.needs_approval ?? false,
      fault: isChosen ? (refused.get(key) ?? nameFault(name, offer, (named.get(name) ?? 0) > 1)) : undefined,
    }
    const was = known.get(offer)
    return was && isSame(was, next) ? was : next
  })
}

const isSame = (one: OfferRow, other: OfferRow): boolean =>
  one.isChosen === other.isChosen &&
  one.name === other.name &&
  one.risk === other.risk &&
  one.needsApproval === other.needsApproval &&
  one.fault === other.fault

function nameFault(name: string, { tool }: Offer, isDouble: boolean): string | undefined {
  const [issue] = ToolName.safeParse(name).error?.issues ?? []
  if (issue) return issue.message
  if (tool?.taken === true && name === tool.name)
    return `Another tool is called ${name}. Choose another name.`
  return isDouble ? `Two that you chose are called ${name}. Choose another name.` : undefined
}

/** What is sent for a chosen one: only what differs from what the server offers, and always its name. */
export const settledOf = ({ offer: { tool }, name, risk, needsApproval }: OfferRow): Settled => ({
  name,
  ...(risk === tool?.risk ? {} : { risk }),
  ...(needsApproval === tool?.needs_approval ? {} : { needs_approval: needsApproval }),
})

export type OfferFilter = {
  text: string
  tag?: string
  risk?: Risk
  state?: "chosen" | "unusable" | "faulty"
}

/** Those that a search and its filters leave. */
export function narrowed(rows: readonly OfferRow[], { text, tag, risk, state }: OfferFilter): OfferRow[] {
  const wanted = text.trim().toLowerCase()
  return rows.filter((row) => {
    const { offer } = row
    if (tag !== undefined && !offer.tags.includes(tag)) return false
    if (risk !== undefined && (offer.tool === null || row.risk !== risk)) return false
    if (state === "chosen" && !row.isChosen) return false
    if (state === "unusable" && offer.tool !== null) return false
    if (state === "faulty" && row.fault === undefined) return false
    return (
      wanted === "" ||
      `${offer.key} ${row.name} ${offer.title} ${offer.tool?.description ?? ""}`
        .toLowerCase()
        .includes(wanted)
    )
  })
}

/** The headings of a document, in its own order. */
export const tagsOf = (offers: readonly Offer[]): string[] => [...new Set(offers.flatMap(({ tags }) => tags))]
