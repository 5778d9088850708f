import { ExternalLink, Link2, Pencil, Power, Trash2, Workflow } from "lucide-react"
import { useNavigate } from "@tanstack/react-router"
import { useCallback } from "react"
import type { Trigger } from "#core/contract/triggers"
import type { MenuEntry } from "#web/ui/menu.tsx"
import { useTriggerActs } from "./queries.ts"

type MenuOptions = { mayEdit: boolean; onEdit: (trigger: Trigger) => void; onDeleted?: () => void }

/** The public address of a webhook or a form, whole. */
export const addressOf = ({ address }: Pick<Trigger, "address">): string | null =>
  address === null ? null : `${location.origin}${address}`

/** What can be done with a trigger, in the list and on its own page. */
export function useTriggerMenu({ mayEdit, onEdit, onDeleted }: MenuOptions) {
  const navigate = useNavigate()
  const { turn, remove } = useTriggerActs()
  const { mutate: setOn } = turn
  const { mutate: erase } = remove
  return useCallback(
    (trigger: Trigger): MenuEntry[] => {
      const { id, is_active: isActive, flow_id, flow_name } = trigger
      const address = addressOf(trigger)
      return [
        {
          label: "Open",
          icon: ExternalLink,
          keys: "enter",
          onSelect: () => void navigate({ to: "/triggers/$triggerId", params: { triggerId: id } }),
        },
        {
          label: "Open the flow",
          icon: Workflow,
          disabled: flow_name === null,
          onSelect: () => void navigate({ to: "/flows/$flowId", params: { flowId: flow_id } }),
        },
        ...(address === null
          ? []
          : [
              {
                label: trigger.kind === "form" ? "Copy the form's link" : "Copy the address",
                icon: Link2,
                onSelect: () => void navigator.clipboard.writeText(address),
              },
            ]),
        ...(mayEdit
          ? ([
              { label: "Edit…", icon: Pencil, onSelect: () => onEdit(trigger) },
              {
                label: isActive ? "Turn off" : "Turn on",
                icon: Power,
                onSelect: () => setOn({ id, on: !isActive }),
              },
              "divider",
              {
                label: "Delete",
                icon: Trash2,
                danger: true,
                onSelect: () => {
                  erase(trigger)
                  onDeleted?.()
                },
              },
            ] satisfies MenuEntry[])
          : []),
      ]
    },
    [mayEdit, onEdit, onDeleted, navigate, setOn, erase],
  )
}
