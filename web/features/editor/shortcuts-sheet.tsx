import { useAtom } from "#web/state/jotai.ts"
import { Dialog } from "#web/ui/dialog.tsx"
import { Kbd } from "#web/ui/kbd.tsx"
import { shortcutsAtom } from "./atoms.ts"
import { shortcutGroups } from "./keys/shortcuts.ts"

/** What the keys do in the editor. */
export function ShortcutsSheet() {
  const [open, setOpen] = useAtom(shortcutsAtom)
  return (
    <Dialog open={open} onOpenChange={setOpen} title="Keys" size="xl">
      {/* Who has no wheel scrolls it by the arrows. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div tabIndex={0} className="focus-ring-inset columns-1 gap-x-8 rounded-sm md:columns-2">
        {shortcutGroups.map(({ title, shortcuts }) => (
          <section key={title} aria-label={title} className="mb-5 break-inside-avoid-column">
            <h3 className="mb-1 text-sm font-medium text-muted">{title}</h3>
            <dl>
              {shortcuts.map(({ keys, does }) => (
                <div key={does} className="flex min-h-7 items-center justify-between gap-4 py-0.5">
                  <dt className="order-2 flex shrink-0 flex-wrap justify-end gap-1.5">
                    {keys.map((combo) => (
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
