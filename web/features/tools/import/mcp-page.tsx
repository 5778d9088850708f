import { useQuery } from "@tanstack/react-query"
import { useSearch } from "@tanstack/react-router"
import { useMemo, useState } from "react"
import type { ReplyOf } from "#core/contract/endpoint"
import type { toolImportsApi } from "#core/contract/tool-imports"
import { useSettled } from "#web/ui/use-settled.ts"
import { ImportFrame } from "./import-frame.tsx"
import { ImportHeader } from "./import-header.tsx"
import { MadeList } from "./made-list.tsx"
import { MakingNotice } from "./making-notice.tsx"
import { MayImport } from "./may-import.tsx"
import { McpSettingsPanel, type McpSettings } from "./mcp-settings.tsx"
import { blankServer, McpSource, type McpServerDraft } from "./mcp-source.tsx"
import { offersOfServer, settledOf, type OfferRow } from "./offer.ts"
import { isPrefix } from "./prefix-field.tsx"
import { makeOfServer, mcpQuery, type McpBody } from "./queries.ts"
import { useLastGood } from "./use-last-good.ts"
import { useMaking } from "./use-making.ts"
import { useOffers } from "./use-offers.ts"

const title = "Import from MCP"

/** Tools from those that an MCP server offers: ask it, choose, make. */
export const ImportMcpPage = () => (
  <MayImport title={title}>
    <ImportMcp />
  </MayImport>
)

/** A server that was asked; asked again it has another number. */
type Source = { id: number; server: McpServerDraft }

function ImportMcp() {
  const { url } = useSearch({ from: "/shell/inside/tools/import/mcp" })
  const [draft, setDraft] = useState<McpServerDraft>({ ...blankServer, url: url ?? "" })
  const [source, setSource] = useState<Source | null>(null)
  const [isEditing, setEditing] = useState(true)
  const [settings, setSettings] = useState<McpSettings>({ prefix: "", isTrusted: false })
  const prefix = useSettled(settings.prefix, 400)
  const body = source && isPrefix(prefix) ? whole(source, { ...settings, prefix }) : null
  const reading = useQuery(mcpQuery([source?.id, prefix, settings.isTrusted], body))
  const reply = useLastGood(source?.id, reading.data)
  const read = () => {
    setSource((before) => ({ id: (before?.id ?? 0) + 1, server: draft }))
    setEditing(false)
  }
  const isChoosing = !isEditing && reply !== undefined
  return (
    <>
      {source && reply && (
        <Choosing
          key={source.id}
          isHidden={!isChoosing}
          source={source}
          reply={reply}
          settings={settings}
          onSettings={(change) => setSettings((before) => ({ ...before, ...change }))}
          error={reading.error}
          onReread={() => reading.refetch()}
          onBack={() => setEditing(true)}
        />
      )}
      {!isChoosing && (
        <>
          <ImportHeader title={title} />
          <McpSource
            draft={draft}
            onChange={setDraft}
            onRead={read}
            onKeep={reply && (() => setEditing(false))}
            isReading={reading.isFetching}
            error={isEditing ? null : reading.error}
          />
        </>
      )}
    </>
  )
}

const whole = ({ server }: Source, { prefix, isTrusted }: McpSettings): McpBody => {
  const { url, headers, credential_id } = server
  return {
    url,
    headers,
    ...(credential_id === undefined ? {} : { credential_id }),
    ...(prefix ? { prefix } : {}),
    is_trusted: isTrusted,
  }
}

type ChoosingProps = {
  /** Another source is being named; what was chosen of this one waits. */
  isHidden: boolean
  source: Source
  reply: ReplyOf<typeof toolImportsApi.mcp>
  settings: McpSettings
  onSettings: (change: Partial<McpSettings>) => void
  error: unknown
  onReread: () => unknown
  onBack: () => void
}

function Choosing({ isHidden, source, reply, settings, onSettings, error, onReread, onBack }: ChoosingProps) {
  const list = useMemo(() => offersOfServer(reply), [reply])
  const offers = useOffers(list)
  const make = (batch: readonly OfferRow[]) =>
    makeOfServer({
      ...whole(source, settings),
      tools: batch.map((row) => ({ tool_name: row.offer.key, ...settledOf(row) })),
    })
  const making = useMaking(offers, make, onReread)
  if (isHidden) return null
  if (making.isOver) {
    return (
      <>
        <ImportHeader title={title} />
        <MadeList made={making.made} onMore={making.more} />
      </>
    )
  }
  return (
    <>
      <ImportHeader title={title} choosing={{ offers, making, back: "Another server", onBack }} />
      <ImportFrame
        offers={offers}
        noun="tool"
        placeWord="At the server"
        back={{ label: "Another server", onBack }}
        notice={<MakingNotice making={making} offers={offers} error={error} />}
        settings={
          <McpSettingsPanel
            url={source.server.url}
            isCut={reply.is_cut}
            value={settings}
            onChange={onSettings}
          />
        }
      />
    </>
  )
}
