import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { UserRoundCog } from "lucide-react"
import { authApi, type Support } from "#core/contract/auth"
import { call } from "#web/api/call.ts"
import { useMe } from "#web/api/me.ts"
import { support } from "#web/state/support.ts"
import { Button } from "#web/ui/button.tsx"
import { useNow } from "#web/ui/use-now.ts"

const minuteMs = 60_000
const stepMs = 15_000

/** Says above every page that one acts in somebody else's name, how long still, and is the way out. */
export function SupportBar({ by }: { by: Support }) {
  const { user, tenant } = useMe()
  const name = user.name || user.email
  const queries = useQueryClient()
  const now = useNow(stepMs)
  // The clock goes in steps, and one step back is better than a minute too many.
  const left = Math.max(0, Math.ceil((Date.parse(by.expires_at) - now - stepMs) / minuteMs))
  const leave = () => {
    support.end()
    queries.clear()
    location.assign("/admin/support")
  }
  // Whatever the server said, this tab goes back to one's own name.
  const end = useMutation({ mutationFn: () => call(authApi.logout, {}), onSettled: leave })
  useEffect(() => {
    if (left > 0) return
    support.end()
    location.assign("/admin/support")
  }, [left])
  return (
    <div
      role="status"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-attention-soft px-3 py-1 text-attention"
    >
      <UserRoundCog aria-hidden />
      <p className="min-w-0 flex-1 basis-60">
        <span className="font-medium">
          You act as {name} in {tenant.name}
        </span>
        {by.may_write ? " and may change flows" : ", reading only"}. {left}{" "}
        {left === 1 ? "minute" : "minutes"} left.
      </p>
      <Button size="sm" busy={end.isPending} onClick={() => end.mutate()}>
        End
      </Button>
    </div>
  )
}
