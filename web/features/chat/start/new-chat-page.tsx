import { PageHeader } from "#web/ui/page-header.tsx"
import { PartnerPicker } from "./partner-picker.tsx"

export const NewChatPage = () => (
  <>
    <PageHeader crumbs={[{ label: "Chat", to: "/chat" }, { label: "New chat" }]} />
    <PartnerPicker />
  </>
)
