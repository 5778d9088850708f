import { useSetPreferences } from "#web/api/me.ts"
import { appearanceAtom, type Theme } from "#web/state/appearance.ts"
import { useAtomValue } from "#web/state/jotai.ts"
import { PageHeader } from "#web/ui/page-header.tsx"
import { ThemeCard } from "./theme-card.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
]

export function AppearancePage() {
  const { theme, density } = useAtomValue(appearanceAtom)
  const setPreferences = useSetPreferences()
  return (
    <>
      <PageHeader crumbs={[{ label: "Settings", to: "/settings" }, { label: "Appearance" }]} />
      <SettingsColumn>
        <Section title="Theme" lead="Kept with your account, so your other devices follow.">
          <div role="radiogroup" aria-label="Theme" className="grid max-w-xl grid-cols-3 gap-3">
            {themes.map(({ value, label }) => (
              <ThemeCard
                key={value}
                theme={value}
                label={label}
                checked={theme === value}
                onChoose={() => setPreferences({ theme: value })}
              />
            ))}
          </div>
        </Section>
        <Section title="Density" lead="The height of rows and controls.">
          <Segments
            label="Density"
            value={density}
            onChange={(value) => setPreferences({ density: value })}
            segments={[
              { value: "comfortable", label: "Comfortable" },
              { value: "compact", label: "Compact" },
            ]}
          />
        </Section>
      </SettingsColumn>
    </>
  )
}
