import { Link } from "@tanstack/react-router"
import { SquarePen } from "lucide-react"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { PartnerPicker } from "./partner-picker.tsx"

/** No chat is open: whom to talk with. */
export function HomePage() {
  const wide = useWide()
  const mayWrite = useCan("chat.write")
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Chat" }]}
        actions={
          mayWrite &&
          !wide && (
            <Button asChild tone="primary" size="sm">
              <Link to="/chat/new">
                <SquarePen aria-hidden />
                New chat
              </Link>
            </Button>
          )
        }
      />
      {!wide ? null : mayWrite ? (
        <PartnerPicker />
      ) : (
        <EmptyState icon={SquarePen} title="Choose a chat" className="my-auto">
          Your role may read chats, and not write in them.
        </EmptyState>
      )}
    </>
  )
}
