import { queryOptions, useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query"
import { useEffect } from "react"
import type * as z from "zod"
import type { Capability } from "#core/access/capabilities"
import { authApi, type Me, type Preferences } from "#core/contract/auth"
import { useSetAtom } from "#web/state/jotai.ts"
import { appearanceAtom } from "#web/state/appearance.ts"
import { call } from "./call.ts"
import { queryKeys } from "./query-keys.ts"

/** Who is signed in, where, and what they may do. */
export const meQuery = queryOptions({
  queryKey: queryKeys.me,
  queryFn: ({ signal }) => call(authApi.me, { signal }),
  staleTime: 5 * 60_000,
})

/** For pages behind the sign-in, whose route has loaded it. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data

/** Whether the person may; hides what the server would refuse. */
export function useCan(capability: Capability): boolean {
  return useQuery(meQuery).data?.capabilities.includes(capability) ?? false
}

/** Makes the pages look as the person chose on whatever device. */
export function useFollowPreferences(): void {
  const { theme, density } = useMe().user.preferences
  const show = useSetAtom(appearanceAtom)
  useEffect(() => {
    if (theme || density) show({ ...(theme ? { theme } : {}), ...(density ? { density } : {}) })
  }, [theme, density, show])
}

/** Changes how the pages look, here at once and for the person's other devices. */
export function useSetPreferences() {
  const queries = useQueryClient()
  const show = useSetAtom(appearanceAtom)
  const save = useMutation({
    mutationFn: (preferences: z.infer<typeof Preferences>) =>
      call(authApi.updateMe, { body: { preferences } }),
    onSuccess: (me) => queries.setQueryData(queryKeys.me, me),
  })
  return (change: z.infer<typeof Preferences>) => {
    show({
      ...(change.theme ? { theme: change.theme } : {}),
      ...(change.density ? { density: change.density } : {}),
    })
    const me = queries.getQueryData(meQuery.queryKey)
    if (me) save.mutate({ ...me.user.preferences, ...change })
  }
}
