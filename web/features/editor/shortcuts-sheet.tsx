import { useAtom } from "#web/state/jotai.ts"
import { Dialog } from "#web/ui/dialog.tsx"
import { Kbd } from "#web/ui/kbd.tsx"
import { shortcutsAtom } from "./atoms.ts"

const groups: { title: string; keys: [keys: string[], does: string][] }[] = [
  {
    title: "The canvas",
    keys: [
      [["+", "-"], "Zoom in, zoom out"],
      [["shift+1"], "Fit the flow"],
      [["mod+a"], "Select all"],
      [["shift"], "Held while dragging: select with a frame"],
      [["esc"], "Select nothing"],
    ],
  },
  {
    title: "Nodes",
    keys: [
      [["/"], "Search nodes to add"],
      [["enter"], "Open the selected node"],
      [["f2"], "Write in the selected note"],
      [["up", "down"], "Move by a step; with Shift by five"],
      [["backspace"], "Delete"],
      [["mod+d"], "Duplicate"],
      [["mod+c", "mod+x", "mod+v"], "Copy, cut, paste; between flows too"],
      [["mod+g", "shift+mod+g"], "Group; take a frame away"],
    ],
  },
  {
    title: "Writing",
    keys: [
      [["{{"], "Begin an expression, and see what it may use"],
      [["ctrl+space"], "See that again"],
    ],
  },
  {
    title: "The flow",
    keys: [
      [["mod+z", "shift+mod+z"], "Undo, redo"],
      [["mod+s"], "Save now"],
      [["mod+k"], "Search and jump anywhere"],
      [["?"], "This sheet"],
    ],
  },
]

/** What the keys do in the editor. */
export function ShortcutsSheet() {
  const [open, setOpen] = useAtom(shortcutsAtom)
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Keys" size="lg">
      <div className="grid gap-x-8 gap-y-5 md:grid-cols-2">
        {groups.map(({ title, keys }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 text-sm font-medium text-muted">{title}</h3>
            <dl>
              {keys.map(([combos, does]) => (
                <div key={does} className="flex min-h-8 items-center justify-between gap-4 py-1">
                  <dt className="order-2 flex shrink-0 flex-wrap justify-end gap-1.5">
                    {combos.map((combo) => (
                      <Kbd key={combo} keys={combo} />
                    ))}
                  </dt>
                  <dd className="min-w-0">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
