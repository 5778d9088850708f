import { ArrowLeft, ChevronRight, LoaderCircle } from "lucide-react"
import { useState } from "react"
import { Avatar } from "#web/ui/avatar.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { AuthFrame } from "./auth-frame.tsx"
import type { Choice } from "./model.ts"

type ChooseTenantProps = {
  email: string
  tenants: Choice["tenants"]
  onChoose: (slug: string) => Promise<void>
  onBack: () => void
}

/** The second step of someone who belongs to several tenants. */
export function ChooseTenant({ email, tenants, onChoose, onBack }: ChooseTenantProps) {
  const [busy, setBusy] = useState<string | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const choose = async (slug: string) => {
    setBusy(slug)
    setFailure(null)
    try {
      await onChoose(slug)
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(null)
    }
  }
  return (
    <AuthFrame
      title="Choose a tenant"
      lead={<span className="break-words">{email} belongs to several. You can switch later.</span>}
      foot={
        <Button tone="ghost" size="sm" onClick={onBack} className="-ml-2">
          <ArrowLeft aria-hidden />
          Use another account
        </Button>
      }
    >
      <PageHeader crumbs={[{ label: "Choose a tenant" }]} />
      {failure !== null && <ErrorNote error={failure} className="mb-4" />}
      <ul className="overflow-hidden rounded-md border border-line-strong">
        {tenants.map((tenant) => (
          <li key={tenant.id} className="border-b border-line last:border-0">
            <button
              type="button"
              disabled={busy !== null}
              onClick={() => void choose(tenant.slug)}
              className="focus-ring-inset flex w-full items-center gap-3 px-3 py-2.5 text-left hover:bg-hover disabled:opacity-60"
            >
              <Avatar name={tenant.name} seed={tenant.id} shape="square" size="lg" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{tenant.name}</span>
                <span className="block truncate text-sm text-muted">
                  {tenant.slug} · {tenant.role}
                </span>
              </span>
              {busy === tenant.slug ? (
                <LoaderCircle aria-hidden className="animate-spin" />
              ) : (
                <ChevronRight aria-hidden className="text-muted" />
              )}
            </button>
          </li>
        ))}
      </ul>
    </AuthFrame>
  )
}
