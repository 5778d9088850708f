import { Link } from "@tanstack/react-router"
import { FileCheck2 } from "lucide-react"
import type { ReportKind } from "#core/evidence/report"
import { Section } from "#web/ui/settings-section.tsx"

export const reportNames: Record<ReportKind, string> = {
  soc2: "SOC 2",
  iso27001: "ISO/IEC 27001",
  gdpr: "GDPR",
}

const kinds = Object.entries(reportNames) as [ReportKind, string][]

/** The way to the reports. */
export const Reports = () => (
  <Section
    title="Evidence reports"
    lead="What this workspace's data shows of each control at this moment, signed; and what it does not show."
  >
    <ul className="flex flex-wrap gap-2">
      {kinds.map(([kind, name]) => (
        <li key={kind}>
          <Link
            to="/settings/privacy/reports/$report"
            params={{ report: kind }}
            className="focus-ring flex h-control items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium shadow-near hover:bg-hover pointer-coarse:h-11"
          >
            <FileCheck2 aria-hidden />
            {name}
          </Link>
        </li>
      ))}
    </ul>
  </Section>
)
