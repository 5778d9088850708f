import { FlowView } from "#web/flow/flow-view.tsx"
import { ScopeProvider } from "#web/flow/use-execution.ts"
import { RoomBar } from "./room-bar.tsx"
import { RoomList } from "./room-list.tsx"
import { roomView, useRoom } from "./use-room.ts"

type RoomCanvasProps = { room: string; compact: boolean; onOpen: (() => void) | undefined }

/** The inside of a crew or an agent: tasks with who works at them, and in each whom work was handed to, as it happens. */
export function RoomCanvas({ room: key, compact, onOpen }: RoomCanvasProps) {
  const room = useRoom(key)
  const open = (id: string | null) => {
    room.select(id)
    if (id !== null) onOpen?.()
  }
  return (
    <>
      <RoomBar room={room} />
      {compact ? (
        <RoomList room={room} onOpen={open} />
      ) : (
        <ScopeProvider value={roomView}>
          <div className="min-h-0 flex-1">
            <FlowView
              key={key}
              graph={room.graph}
              selectedId={room.selected?.id ?? null}
              onSelect={open}
              grows
            />
          </div>
        </ScopeProvider>
      )}
    </>
  )
}
