import { PageHeader } from "#web/ui/page-header.tsx"
import { Button } from "#web/ui/button.tsx"
import type { MakingState } from "./use-making.ts"
import type { Offers } from "./use-offers.ts"

type ImportHeaderProps = {
  title: string
  /** Absent while nothing is read. */
  choosing?: { offers: Offers; making: MakingState; back: string; onBack: () => void } | undefined
}

/** Where one is, the way back to the source, and the act itself. */
export function ImportHeader({ title, choosing }: ImportHeaderProps) {
  return (
    <PageHeader
      crumbs={[{ label: "Tools", to: "/tools" }, { label: title }]}
      actions={
        choosing && (
          <>
            <Button size="sm" className="max-md:hidden" onClick={choosing.onBack}>
              {choosing.back}
            </Button>
            <MakeButton {...choosing} />
          </>
        )
      }
    />
  )
}

function MakeButton({ offers, making }: { offers: Offers; making: MakingState }) {
  const count = offers.chosen.length
  const isMaking = making.progress !== null
  const words = count === 1 ? "Make 1 tool" : `Make ${count.toLocaleString("en")} tools`
  return (
    <>
      {isMaking && count > 50 && (
        <span role="status" className="tabular text-sm text-muted">
          {making.progress!.toLocaleString("en")} of {count.toLocaleString("en")}
        </span>
      )}
      <Button
        tone="primary"
        size="sm"
        busy={isMaking}
        disabled={count === 0}
        onClick={() => void making.begin()}
      >
        {count === 0 ? "Make tools" : words}
      </Button>
    </>
  )
}
