import { ForeignData, foreignNames } from "#core/flow/kinds/foreign"
import { CodeBlock } from "#web/ui/code-block.tsx"
import type { SetupProps } from "./http-setup.tsx"

/** What an import has left of another product's step: how it was there. */
export function ForeignSetup({ node }: SetupProps) {
  const { format, kind, original } = { ...ForeignData.partial().safeParse(node.data).data }
  return (
    <div className="flex flex-col gap-4 p-3">
      <p className="text-muted">Draw what it did with other steps, lead its routes to them, and delete it.</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-muted">From</dt>
        <dd>{format === undefined ? "Unknown" : foreignNames[format]}</dd>
        <dt className="text-muted">Kind</dt>
        <dd className="font-mono text-sm break-all">{kind}</dd>
      </dl>
      <CodeBlock title="Original" code={JSON.stringify(original ?? null, null, 2)} wrap />
    </div>
  )
}
