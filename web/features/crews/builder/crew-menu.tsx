import { Download, Ellipsis } from "lucide-react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { toast } from "#web/ui/toast.tsx"
import { downloadCrew } from "../queries.ts"

/** What else can be done with the crew. */
export const CrewMenu = ({ id }: { id: string }) => (
  <Menu
    align="end"
    entries={[
      {
        label: "Export to CrewAI",
        icon: Download,
        onSelect: () => void downloadCrew(id).catch((error: unknown) => toast.failed(error)),
      },
    ]}
  >
    <IconButton label="More acts" size="sm" tooltip={false}>
      <Ellipsis />
    </IconButton>
  </Menu>
)
