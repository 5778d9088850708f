import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Monitor, Smartphone } from "lucide-react"
import { authApi } from "#core/contract/auth"
import type { ReplyOf } from "#core/contract/endpoint"
import type { SessionId } from "#core/ids"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { sayDevice } from "./say-device.ts"

type SessionsReply = ReplyOf<typeof authApi.sessions>

export function SessionList() {
  const queries = useQueryClient()
  const list = useQuery({
    queryKey: queryKeys.sessions,
    queryFn: ({ signal }) => call(authApi.sessions, { signal }),
  })
  const end = useMutation({
    mutationFn: (id: SessionId) => call(authApi.endSession, { params: { session_id: id } }),
    onMutate: (id) =>
      queries.setQueryData<SessionsReply>(
        queryKeys.sessions,
        (reply) => reply && { sessions: reply.sessions.filter((session) => session.id !== id) },
      ),
    onError: (error) => toast.failed(error),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.sessions }),
  })
  if (list.error) return <ErrorNote error={list.error} />
  if (!list.data) {
    return (
      <Loading what="your sessions" className="flex flex-col gap-4">
        <Skeleton className="w-56" />
        <Skeleton className="w-40" />
      </Loading>
    )
  }
  return (
    <ul className="border-t border-line">
      {list.data.sessions.map((session) => {
        const device = sayDevice(session.user_agent)
        const Icon = device.isPhone ? Smartphone : Monitor
        return (
          <li key={session.id} className="flex min-h-13 items-center gap-3 border-b border-line py-2">
            <Icon aria-hidden className="text-muted" />
            <div className="min-w-0 flex-1">
              <p className="flex items-center gap-2">
                <span className="truncate">{device.name}</span>
                {session.current && <Badge tone="succeeded">Current</Badge>}
              </p>
              <p className="text-sm text-muted">
                Used <RelativeTime at={session.used_at} />, signed in <RelativeTime at={session.created_at} />
              </p>
            </div>
            {!session.current && (
              <Button size="sm" onClick={() => end.mutate(session.id)}>
                End session
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
