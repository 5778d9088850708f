import type { ReactNode } from "react"

/** The column that settings stand in. */
export const SettingsColumn = ({ children }: { children: ReactNode }) => (
  <div className="min-h-0 flex-1 overflow-y-auto">
    <div className="flex max-w-2xl flex-col gap-9 px-6 py-6 max-md:px-4">{children}</div>
  </div>
)

export const Section = ({
  title,
  lead,
  children,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
}) => (
  <section>
    <h2 className="text-md font-semibold">{title}</h2>
    {lead && <p className="prose-width mt-0.5 text-muted">{lead}</p>}
    <div className="mt-4">{children}</div>
  </section>
)
