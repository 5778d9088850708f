import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import type { BodyIn } from "#core/contract/endpoint"
import { privacyApi } from "#core/contract/privacy"
import { reportsApi } from "#core/contract/reports"
import type { ReportKind } from "#core/evidence/report"
import { call, send } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { saveFile } from "#web/ui/save-file.ts"

export const privacyQuery = queryOptions({
  queryKey: queryKeys.privacy,
  queryFn: async ({ signal }) => (await call(privacyApi.get, { signal })).settings,
})

export const holdsQuery = queryOptions({
  queryKey: queryKeys.privacyHolds,
  queryFn: async ({ signal }) => (await call(privacyApi.holds, { signal })).holds,
})

export const erasuresQuery = queryOptions({
  queryKey: queryKeys.privacyErasures,
  queryFn: async ({ signal }) => (await call(privacyApi.erasures, { signal })).erasures,
  // What was confirmed goes on by itself.
  refetchInterval: ({ state }) => (state.data?.some(({ status }) => status === "erasing") ? 3_000 : false),
})

export const peopleQuery = queryOptions({
  queryKey: queryKeys.privacyPeople,
  queryFn: async ({ signal }) => (await call(privacyApi.people, { signal })).people,
})

export const reportQuery = (kind: ReportKind) =>
  queryOptions({
    queryKey: queryKeys.report(kind),
    queryFn: ({ signal }) => call(reportsApi[kind], { signal }),
    // A report is of the moment in which it was asked for.
    staleTime: 0,
    gcTime: 0,
  })

export function usePrivacyActs() {
  const queries = useQueryClient()
  const refresh = () => queries.invalidateQueries({ queryKey: queryKeys.privacy })
  return {
    save: useMutation({
      mutationFn: (body: BodyIn<typeof privacyApi.update>) => call(privacyApi.update, { body }),
      onSuccess: ({ settings }) => queries.setQueryData(privacyQuery.queryKey, settings),
    }),
    hold: useMutation({
      mutationFn: (body: BodyIn<typeof privacyApi.hold>) => call(privacyApi.hold, { body }),
      onSettled: refresh,
    }),
    lift: useMutation({
      mutationFn: (hold_id: string) => call(privacyApi.lift, { params: { hold_id: hold_id } }),
      onSettled: refresh,
    }),
    ask: useMutation({
      mutationFn: (body: BodyIn<typeof privacyApi.ask>) => call(privacyApi.ask, { body }),
      onSettled: refresh,
    }),
    confirm: useMutation({
      mutationFn: ({ id, confirm }: { id: string; confirm: string }) =>
        call(privacyApi.confirm, { params: { erasure_id: id }, body: { confirm } }),
      onSettled: refresh,
    }),
  }
}

/** Saves a person's data as a file: one's own, or that of a member. */
export async function downloadPerson(user_id?: string): Promise<void> {
  const response = await send(privacyApi.export, { body: user_id ? { user_id: user_id } : {} })
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1]
  saveFile(await response.blob(), name ?? "personal-data.zip")
}
