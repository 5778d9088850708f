import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { toast } from "#web/ui/toast.tsx"

/** Asks for a file and makes a flow of it. */
export function useImport(): () => void {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { mutate } = useMutation({
    mutationFn: async (file: File) => call(flowsApi.import, { body: { content: await file.text() } }),
    onSuccess: async ({ flow, report }) => {
      await queries.invalidateQueries({ queryKey: queryKeys.flows })
      const lost = report.dropped.length
      toast.done(
        lost > 0 ? `Imported “${flow.name}”; ${lost} parts could not be kept` : `Imported “${flow.name}”`,
      )
      await navigate({ to: "/flows/$flowId", params: { flowId: flow.id } })
    },
    onError: (error) => toast.failed(error, "The file could not be imported"),
  })
  return () => {
    const picker = document.createElement("input")
    picker.type = "file"
    picker.accept = ".json,application/json"
    picker.addEventListener("change", () => {
      const file = picker.files?.[0]
      if (file) mutate(file)
    })
    picker.click()
  }
}
