import { useQuery } from "@tanstack/react-query"
import { useSearch } from "@tanstack/react-router"
import { useMemo, useState } from "react"
import { useSettled } from "#web/ui/use-settled.ts"
import { ImportFrame } from "./import-frame.tsx"
import { ImportHeader } from "./import-header.tsx"
import { MadeList } from "./made-list.tsx"
import { MakingNotice } from "./making-notice.tsx"
import { MayImport } from "./may-import.tsx"
import { offersOfApi, settledOf, type OfferRow } from "./offer.ts"
import { OpenApiSettingsPanel, type OpenApiReply, type OpenApiSettings } from "./openapi-settings.tsx"
import { blankSource, OpenApiSource, type SourceDraft } from "./openapi-source.tsx"
import { isPrefix } from "./prefix-field.tsx"
import { makeOfApi, openApiQuery, type OpenApiBody } from "./queries.ts"
import { useLastGood } from "./use-last-good.ts"
import { useMaking } from "./use-making.ts"
import { useOffers } from "./use-offers.ts"

const title = "Import an API"

/** Tools from the operations of an OpenAPI document: read it, choose, make. */
export const ImportOpenApiPage = () => (
  <MayImport title={title}>
    <ImportOpenApi />
  </MayImport>
)

/** A document that is being imported; another one has another number. */
type Source = { id: number; body: Pick<OpenApiBody, "document" | "url"> }

const bodyOf = ({ way, text, file, url }: SourceDraft): Source["body"] =>
  way === "address" ? { url: url.trim() } : { document: way === "file" ? (file?.text ?? "") : text }

function ImportOpenApi() {
  const { url } = useSearch({ from: "/shell/inside/tools/import/openapi" })
  const [draft, setDraft] = useState(() => blankSource(url))
  const [source, setSource] = useState<Source | null>(null)
  const [isEditing, setEditing] = useState(true)
  const [settings, setSettings] = useState<OpenApiSettings>({
    prefix: "",
    server: undefined,
    credentials: {},
  })
  const prefix = useSettled(settings.prefix, 400)
  const body = source && isPrefix(prefix) ? whole(source, { ...settings, prefix }) : null
  const reading = useQuery(openApiQuery([source?.id, prefix, settings.server], body))
  const reply = useLastGood(source?.id, reading.data)
  const read = () => {
    setSource((before) => ({ id: (before?.id ?? 0) + 1, body: bodyOf(draft) }))
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
          <OpenApiSource
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

/** What is asked of the server: the document, and what holds for all that it would become. */
const whole = ({ body }: Source, { prefix, server, credentials }: OpenApiSettings): OpenApiBody => ({
  ...body,
  ...(prefix ? { prefix } : {}),
  ...(server === undefined ? {} : { server_url: server }),
  credentials,
})

type ChoosingProps = {
  /** Another source is being named; what was chosen of this one waits. */
  isHidden: boolean
  source: Source
  reply: OpenApiReply
  settings: OpenApiSettings
  onSettings: (change: Partial<OpenApiSettings>) => void
  error: unknown
  onReread: () => unknown
  onBack: () => void
}

function Choosing({ isHidden, source, reply, settings, onSettings, error, onReread, onBack }: ChoosingProps) {
  const list = useMemo(() => offersOfApi(reply), [reply])
  const offers = useOffers(list)
  const make = (batch: readonly OfferRow[]) =>
    makeOfApi({
      ...whole(source, settings),
      operations: batch.map((row) => ({ key: row.offer.key, ...settledOf(row) })),
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
      <ImportHeader title={title} choosing={{ offers, making, back: "Another document", onBack }} />
      <ImportFrame
        offers={offers}
        noun="operation"
        placeWord="Operation"
        back={{ label: "Another document", onBack }}
        notice={<MakingNotice making={making} offers={offers} error={error} />}
        settings={
          <OpenApiSettingsPanel
            document={reply}
            source={source.body.url}
            offers={list}
            value={settings}
            onChange={onSettings}
          />
        }
      />
    </>
  )
}
