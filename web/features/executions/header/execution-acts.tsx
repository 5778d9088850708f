import { Columns2, Download, Ellipsis, FlaskConical, Link2, RotateCw, Square } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { debuggingApi } from "#core/contract/debugging"
import type { Execution } from "#core/contract/executions"
import { isRetryable, isSettled } from "#core/execution/status"
import { call } from "#web/api/call.ts"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { saveFile } from "#web/ui/save-file.ts"
import { toast } from "#web/ui/toast.tsx"
import { useCopy } from "#web/ui/use-copy.ts"
import { useCancel, useGoTo, useReplay, useRetry } from "../acts.ts"
import { useWatch } from "../watch.ts"

const CompareDialog = lazy(() =>
  import("../debug/compare-dialog.tsx").then((one) => ({ default: one.CompareDialog })),
)

/** Everything that can be done with the execution as a whole; the likeliest as a button. */
export function ExecutionActs({ status }: { status: Execution["status"] }) {
  const { execution } = useWatch()
  const mayCancel = useCan("execution.cancel")
  const mayStart = useCan("execution.start")
  const cancel = useCancel()
  const retry = useRetry()
  const goTo = useGoTo()
  const [comparing, setComparing] = useState(false)
  const entries = useEntries(status, () => setComparing(true))
  return (
    <div className="ml-auto flex items-center gap-2">
      {mayStart && isRetryable(status) && (
        <Button
          size="sm"
          tone="primary"
          busy={retry.isPending}
          onClick={() => retry.mutate({ id: execution.id }, { onSuccess: goTo })}
        >
          <RotateCw aria-hidden className="size-3.5" />
          Retry from the failed step
        </Button>
      )}
      {mayCancel && !isSettled(status) && (
        <Button
          size="sm"
          busy={cancel.isPending}
          disabled={status === "cancelling"}
          onClick={() => cancel.mutate(execution.id)}
        >
          <Square aria-hidden className="size-3" />
          Cancel
        </Button>
      )}
      <Menu entries={entries} align="end">
        <IconButton label="More" size="sm" tooltip={false}>
          <Ellipsis />
        </IconButton>
      </Menu>
      {comparing && (
        <Suspense>
          <CompareDialog execution={execution} onClose={() => setComparing(false)} />
        </Suspense>
      )}
    </div>
  )
}

function useEntries(status: Execution["status"], compare: () => void): MenuEntry[] {
  const { execution } = useWatch()
  const mayStart = useCan("execution.start")
  const retry = useRetry()
  const replay = useReplay(execution.id)
  const goTo = useGoTo()
  const { copy } = useCopy()
  const settled = isSettled(status)
  return [
    ...(mayStart && isRetryable(status)
      ? [
          {
            label: "Retry from the start",
            icon: RotateCw,
            onSelect: () => retry.mutate({ id: execution.id, from: "start" }, { onSuccess: goTo }),
          },
        ]
      : []),
    ...(mayStart && settled
      ? ([
          {
            label: "Replay",
            icon: FlaskConical,
            note: "same version",
            onSelect: () => replay.mutate(undefined, { onSuccess: goTo }),
          },
          {
            label: "Replay with the draft",
            icon: FlaskConical,
            onSelect: () => replay.mutate("draft", { onSuccess: goTo }),
          },
          "divider",
        ] satisfies MenuEntry[])
      : []),
    { label: "Compare with…", icon: Columns2, onSelect: compare },
    {
      label: "Export as a file",
      icon: Download,
      onSelect: () =>
        void exportExecution(execution).catch((error: unknown) =>
          toast.failed(error, "The execution was not exported"),
        ),
    },
    { label: "Copy a link", icon: Link2, onSelect: () => copy(location.href) },
  ]
}

/** The row, the frozen graph and the whole journal, as one file on the reader's disk. */
async function exportExecution({ id }: Execution): Promise<void> {
  const file = await call(debuggingApi.export, { params: { execution_id: id } })
  const content = new Blob([JSON.stringify(file, null, 2)], { type: "application/json" })
  saveFile(content, `${id}.edgecrew.json`)
}
