import { useQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { CircleCheck, CircleDashed, CircleMinus, FileBraces, FileText, Printer } from "lucide-react"
import type { SignedReport } from "#core/contract/reports"
import { canonical, markdownOf } from "#core/evidence/fill"
import { ReportKind, type Control, type ControlState } from "#core/evidence/report"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { saveFile } from "#web/ui/save-file.ts"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { reportQuery } from "./queries.ts"
import { reportNames } from "./reports.tsx"

/** One report as it is now; it prints as it stands. */
export function ReportPage() {
  const { report } = useParams({ from: "/shell/inside/settings/privacy/reports/$report" })
  const kind = ReportKind.safeParse(report)
  if (!kind.success)
    return (
      <EmptyState icon={CircleDashed} title="There is no such report">
        There are reports for SOC 2, ISO/IEC 27001 and the GDPR.
      </EmptyState>
    )
  return <Shown kind={kind.data} />
}

function Shown({ kind }: { kind: ReportKind }) {
  const made = useQuery(reportQuery(kind))
  return (
    <>
      <PageHeader
        crumbs={[
          { label: "Settings", to: "/settings" },
          { label: "Privacy", to: "/settings/privacy" },
          { label: reportNames[kind] },
        ]}
        actions={made.data && <Acts made={made.data} />}
      />
      {made.isError ? (
        <ErrorState error={made.error} onRetry={() => void made.refetch()} className="my-auto" />
      ) : made.data ? (
        <Body made={made.data} />
      ) : (
        <Loading what="the report">
          <div className="flex flex-col gap-3 px-6 py-6">
            <Skeleton className="w-1/2" />
            <Skeleton className="w-2/3" />
            <Skeleton className="w-2/3" />
          </div>
        </Loading>
      )}
    </>
  )
}

function Acts({ made }: { made: SignedReport }) {
  const { report } = made
  const name = `${report.report}-${report.generated_at.slice(0, 10)}`
  const save = (text: string, type: string, ending: string) =>
    saveFile(new Blob([text], { type }), `${name}.${ending}`)
  return (
    <>
      <Button size="sm" onClick={() => save(canonical(made), "application/json", "json")}>
        <FileBraces aria-hidden />
        <span className="max-md:sr-only">JSON</span>
      </Button>
      <Button size="sm" onClick={() => save(markdownOf(report), "text/markdown", "md")}>
        <FileText aria-hidden />
        <span className="max-md:sr-only">Markdown</span>
      </Button>
      <Button size="sm" tone="primary" onClick={() => window.print()}>
        <Printer aria-hidden />
        Print
      </Button>
    </>
  )
}

const states: Record<ControlState, { word: string; look: string; icon: typeof CircleCheck }> = {
  shown: { word: "Shown", look: "text-succeeded", icon: CircleCheck },
  partly: { word: "Shown in part", look: "text-waiting", icon: CircleDashed },
  not_shown: { word: "Not shown by the data", look: "text-soft", icon: CircleMinus },
}

const Body = ({ made: { report, signature } }: { made: SignedReport }) => (
  // A region that scrolls and has nothing to press in it is reached by itself.
  <section
    aria-label="Report"
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    tabIndex={0}
    className="focus-ring min-h-0 flex-1 overflow-y-auto print:overflow-visible"
  >
    <article className="flex max-w-3xl flex-col gap-6 px-6 py-6 max-md:px-4">
      <header>
        <h1 className="text-lg font-semibold">{report.title}</h1>
        <p className="mt-1 text-muted">
          {report.workspace.name}, <time dateTime={report.generated_at}>{report.generated_at}</time>. Counts
          of what happened are since <time dateTime={report.since}>{report.since.slice(0, 10)}</time>.
        </p>
      </header>
      {report.controls.map((control) => (
        <ControlShown key={control.id} control={control} />
      ))}
      <section>
        <h2 className="text-md font-semibold">What this report does not say</h2>
        <ul className="mt-2 list-disc pl-5 text-soft">
          {report.limits.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      </section>
      <section>
        <h2 className="text-md font-semibold">Signature</h2>
        <p className="mt-1 text-muted">
          By the key of this workspace&rsquo;s audit log. Check the JSON with{" "}
          <code className="font-mono text-sm">npm run audit:verify -- --report</code>.
        </p>
        <p className="mt-2 font-mono text-sm break-all">{signature.verifier_key}</p>
        <p className="mt-2 font-mono text-sm break-all whitespace-pre-wrap">{signature.note}</p>
      </section>
    </article>
  </section>
)

function ControlShown({ control: { id, title, state, evidence, missing } }: { control: Control }) {
  const { word, look, icon: Icon } = states[state]
  return (
    <section className="break-inside-avoid">
      <h2 className="text-md font-semibold">
        <span className="font-mono">{id}</span> {title}
      </h2>
      <p className={`mt-1 flex items-center gap-1.5 font-medium ${look}`}>
        <Icon aria-hidden />
        {word}
      </p>
      <ul className="mt-1.5 list-disc pl-5">
        {evidence.map((one) => (
          <li key={one}>{one}</li>
        ))}
        {missing.map((one) => (
          <li key={one} className="text-soft">
            Missing: {one}
          </li>
        ))}
      </ul>
    </section>
  )
}
