import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"
import type { ImportContent } from "./content.ts"

/** Looks at a file, and makes a flow of it. */
export function useImport() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const preview = useMutation({
    mutationFn: (content: ImportContent) => call(flowsApi.preview, { body: { content } }),
  })
  const bringIn = useMutation({
    mutationFn: (body: { content: ImportContent; name?: string }) => call(flowsApi.import, { body }),
    onSuccess: async ({ flow }) => {
      await queries.invalidateQueries({ queryKey: queryKeys.flows })
      toast.done(`Imported “${flow.name}”`)
      await navigate({ to: "/flows/$flowId", params: { flowId: flow.id } })
    },
  })
  return { preview, bringIn }
}
