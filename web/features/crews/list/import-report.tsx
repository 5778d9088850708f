import { CircleCheck, CircleX, Shuffle, type LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import type { CrewImportReport } from "#core/contract/crews"
import { cn } from "#web/ui/cn.ts"

/** What became of each field: taken over as it is, changed, or left behind, and why. */
export const ImportReport = ({ report: { mapped, changed, dropped } }: { report: CrewImportReport }) => (
  <div className="flex flex-col gap-5">
    <Part icon={CircleX} hue="text-failed" title="Not taken over" count={dropped.length}>
      {dropped.map((one) => (
        <Line key={one.path} path={one.path}>
          {one.why}
        </Line>
      ))}
    </Part>
    <Part icon={Shuffle} hue="text-waiting" title="Taken over with a change" count={changed.length}>
      {changed.map((one) => (
        <Line key={one.path} path={one.path} to={one.to}>
          {one.why}
        </Line>
      ))}
    </Part>
    <Part icon={CircleCheck} hue="text-succeeded" title="Taken over as it is" count={mapped.length}>
      {mapped.map((one) => (
        <Line key={one.path} path={one.path} to={one.to} />
      ))}
    </Part>
  </div>
)

type PartProps = { icon: LucideIcon; hue: string; title: string; count: number; children: ReactNode }

const Part = ({ icon: Icon, hue, title, count, children }: PartProps) => (
  <section aria-label={title}>
    <h3 className="flex items-center gap-2 font-medium">
      <Icon aria-hidden className={cn("size-4", hue)} />
      {title}
      <span className="tabular font-normal text-muted">{count.toLocaleString("en")}</span>
    </h3>
    {count > 0 && (
      <ul className="mt-1.5 max-h-56 overflow-y-auto rounded-md border border-line">{children}</ul>
    )}
  </section>
)

const Line = ({ path, to, children }: { path: string; to?: string; children?: ReactNode }) => (
  <li className="border-t border-line px-3 py-1.5 first:border-t-0">
    <span className="font-mono text-sm break-all">
      {path}
      {to !== undefined && <span className="text-muted"> → {to}</span>}
    </span>
    {children && <p className="text-sm text-muted">{children}</p>}
  </li>
)
