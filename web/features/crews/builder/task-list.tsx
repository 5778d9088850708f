import { ArrowDown, ArrowUp, CircleAlert, ListChecks, Plus, TriangleAlert, UserCheck } from "lucide-react"
import { useRef, type KeyboardEvent } from "react"
import type { CrewDraft, CrewTask } from "#core/crew/crew"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { IconButton } from "#web/ui/icon-button.tsx"
import { severityAt, useBuilder } from "./builder-context.ts"
import { movedTask, withTask } from "./edits.ts"

/** What the crew does, in its order. Alt and the arrow keys move a task. */
export function TaskList() {
  const { crew, set, mayEdit, onOpen } = useBuilder()
  const list = useRef<HTMLOListElement>(null)
  const isOrdered = crew.collaboration_pattern !== "parallel"
  const move = (at: number, to: number) => {
    const patch = movedTask(crew, at, to)
    if (!patch.tasks) return
    set(patch)
    requestAnimationFrame(() =>
      list.current?.querySelectorAll<HTMLElement>("[data-task]")[to]?.focus({ preventScroll: false }),
    )
  }
  const add = () => {
    const next = withTask(crew)
    set(next)
    onOpen({ is: "task", id: next.tasks.at(-1)!.id })
  }
  return (
    <section aria-label="Tasks" className="flex min-h-0 flex-col border-t border-line bg-surface">
      <header className="flex h-10 shrink-0 items-center gap-2 px-4">
        <h2 className="font-semibold">Tasks</h2>
        <span className="tabular text-sm text-muted">
          {crew.tasks.length === 0 ? "" : isOrdered ? "in this order" : "all at once"}
        </span>
        {mayEdit && (
          <Button size="sm" className="ml-auto" onClick={add}>
            <Plus aria-hidden />
            Add a task
          </Button>
        )}
      </header>
      {crew.tasks.length === 0 ? (
        <p className="flex items-center gap-2 px-4 pb-4 text-muted">
          <ListChecks aria-hidden className="size-4" />
          Nothing to do yet. A task says what is to be done and who does it.
        </p>
      ) : (
        <ol ref={list} className="min-h-0 flex-1 overflow-y-auto pb-2">
          {crew.tasks.map((task, at) => (
            <TaskLine key={task.id} task={task} at={at} last={crew.tasks.length - 1} onMove={move} />
          ))}
        </ol>
      )}
    </section>
  )
}

/** Who does a task that names nobody. */
const nobody: Record<CrewDraft["collaboration_pattern"], string> = {
  sequential: "nobody yet",
  parallel: "nobody yet",
  hierarchical: "manager chooses",
  debate: "everybody",
}

type TaskLineProps = {
  task: CrewTask
  at: number
  last: number
  onMove: (at: number, to: number) => void
}

function TaskLine({ task, at, last, onMove }: TaskLineProps) {
  const { crew, mayEdit, findings, open, onOpen } = useBuilder()
  const severity = severityAt(findings, task.id)
  const isOpen = open.is === "task" && open.id === task.id
  const Mark = severity === "error" ? CircleAlert : TriangleAlert
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : 0
    if (by === 0) return
    event.preventDefault()
    if (event.altKey && mayEdit) onMove(at, at + by)
    else if (!event.altKey) {
      const lines = event.currentTarget.closest("ol")?.querySelectorAll<HTMLElement>("[data-task]")
      lines?.[at + by]?.focus()
    }
  }
  return (
    <li className={cn("group/task flex items-center pr-2 hover:bg-hover", isOpen && "bg-accent-soft")}>
      <button
        type="button"
        data-task
        aria-pressed={isOpen}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        onClick={() => onOpen({ is: "task", id: task.id })}
        onKeyDown={onKeyDown}
        className="focus-ring-inset flex min-h-10 min-w-0 flex-1 items-center gap-3 px-4 py-1 text-left"
      >
        <span className="tabular w-4 shrink-0 text-right text-sm text-muted">{at + 1}</span>
        <span className="min-w-0 flex-1">
          <span className="flex items-center gap-2">
            <span className="truncate font-mono text-sm font-medium">{task.id}</span>
            {task.needs_approval && (
              <UserCheck
                role="img"
                aria-label="A person accepts the result"
                className="size-3.5 shrink-0 text-kind-person"
              />
            )}
            {severity && (
              <Mark
                role="img"
                aria-label={severity === "error" ? "Something is missing" : "Something to look at"}
                className={cn("size-3.5 shrink-0", severity === "error" ? "text-failed" : "text-waiting")}
              />
            )}
          </span>
          <span className="block truncate text-sm text-muted">
            {task.description || "No description yet"}
          </span>
        </span>
        <span className="max-w-32 shrink-0 truncate text-sm text-soft">
          {task.position ?? nobody[crew.collaboration_pattern]}
        </span>
      </button>
      {mayEdit && (
        <span className="flex opacity-0 group-hover/task:opacity-100 has-focus-visible:opacity-100 pointer-coarse:opacity-100">
          <IconButton
            label={`Move ${task.id} up`}
            size="xs"
            disabled={at === 0}
            onClick={() => onMove(at, at - 1)}
          >
            <ArrowUp />
          </IconButton>
          <IconButton
            label={`Move ${task.id} down`}
            size="xs"
            disabled={at === last}
            onClick={() => onMove(at, at + 1)}
          >
            <ArrowDown />
          </IconButton>
        </span>
      )}
    </li>
  )
}
