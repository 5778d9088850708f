import { useId, type ReactNode } from "react"

type FormSectionProps = { title: string; help?: ReactNode; action?: ReactNode; children: ReactNode }

/** Fields that belong together, under a heading that one finds by scrolling. */
export function FormSection({ title, help, action, children }: FormSectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-line px-5 py-5 last:border-b-0">
      <div className="flex max-w-3xl flex-col gap-4">
        <div className="flex items-start justify-between gap-3">
          <div className="min-w-0">
            <h2 id={id} className="text-md font-semibold">
              {title}
            </h2>
            {help && <p className="prose-width text-muted">{help}</p>}
          </div>
          {action}
        </div>
        {children}
      </div>
    </section>
  )
}
