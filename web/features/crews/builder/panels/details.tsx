import { useBuilder } from "../builder-context.ts"
import { CrewPanel } from "./crew-panel.tsx"
import { EdgePanel } from "./edge-panel.tsx"
import { MemberPanel } from "./member-panel.tsx"
import { TaskPanel } from "./task-panel.tsx"

/** What is open: a member, a task, a line between two members, or the crew as a whole. */
export function Details() {
  const { open } = useBuilder()
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      {open.is === "member" ? (
        <MemberPanel key={open.id} position={open.id} />
      ) : open.is === "task" ? (
        <TaskPanel key={open.id} id={open.id} />
      ) : open.is === "edge" ? (
        <EdgePanel key={`${open.from} ${open.to}`} from={open.from} to={open.to} />
      ) : (
        <CrewPanel />
      )}
    </div>
  )
}
