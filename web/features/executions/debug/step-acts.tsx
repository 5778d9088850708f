import { GitFork, Link2, RotateCw } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import { nodeKey, type NodeState } from "#core/execution/state"
import { isDone } from "#core/execution/status"
import { useCan } from "#web/api/me.ts"
import { useLive } from "#web/flow/use-execution.ts"
import { Button } from "#web/ui/button.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu, type MenuEntry } from "#web/ui/menu.tsx"
import { useCopy } from "#web/ui/use-copy.ts"
import { useFork, useGoTo } from "../acts.ts"
import { useWatch } from "../watch.ts"
import { toast } from "#web/ui/toast.tsx"

const ForkDialog = lazy(() => import("./fork-dialog.tsx").then((one) => ({ default: one.ForkDialog })))

/** What can be done from a step on: another execution that goes its own way from here. */
export function StepActs({ run }: { run: NodeState }) {
  const { execution, live } = useWatch()
  const mayStart = useCan("execution.start")
  const settled = useLive(live, (one) => one.isSettled) ?? false
  const [forking, setForking] = useState(false)
  const fork = useFork(execution.id)
  const goTo = useGoTo()
  const { copy } = useCopy()
  const step = nodeKey(run.node_id, run.scope)
  const again = () =>
    fork.mutate(
      { from_step: step },
      { onSuccess: goTo, onError: (error) => toast.failed(error, "The step was not done again") },
    )
  const entries: MenuEntry[] = [
    { label: "Fork with another output…", icon: GitFork, onSelect: () => setForking(true) },
    { label: "Do this step again", icon: RotateCw, onSelect: again },
    "divider",
    { label: "Copy a link to this step", icon: Link2, onSelect: () => copy(location.href) },
  ]
  if (!mayStart || !settled || !isDone(run.status)) {
    return (
      <IconButton label="Copy a link to this step" size="sm" onClick={() => copy(location.href)}>
        <Link2 />
      </IconButton>
    )
  }
  return (
    <>
      <Menu entries={entries} align="end">
        <Button size="sm" busy={fork.isPending}>
          <GitFork aria-hidden className="size-3.5" />
          From here
        </Button>
      </Menu>
      {forking && (
        <Suspense>
          <ForkDialog step={step} run={run} onClose={() => setForking(false)} />
        </Suspense>
      )}
    </>
  )
}
