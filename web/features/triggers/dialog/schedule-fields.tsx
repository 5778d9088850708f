import { useMemo, useState } from "react"
import { nextFires, timingFaults, type Timing } from "#core/schedule/timing"
import { Combobox } from "#web/ui/combobox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Select } from "#web/ui/select.tsx"
import { useNow } from "#web/ui/use-now.ts"
import { sayCron, sayInterval } from "../model/cron-words.ts"
import { ownZone, searchZones, timeZones } from "../model/time-zones.ts"
import { NextFires } from "../next-fires.tsx"
import { ObjectField } from "./inputs-fields.tsx"
import type { Parts } from "./parts.ts"

const presets = [
  { value: "*/15 * * * *", label: "Every 15 minutes" },
  { value: "0 * * * *", label: "Every hour" },
  { value: "0 9 * * *", label: "Every day at 09:00" },
  { value: "0 9 * * 1-5", label: "Weekdays at 09:00" },
  { value: "0 9 * * 1", label: "Mondays at 09:00" },
  { value: "0 9 1 * *", label: "The 1st of the month at 09:00" },
]

const policies = [
  { value: "fire_once", label: "Fire once for all of them" },
  { value: "skip", label: "Leave them out" },
  { value: "fire_all", label: "Make each of them up, the last 100" },
] as const

export function ScheduleFields(parts: Parts) {
  const { values, errors, set, onTypingFault } = parts
  return (
    <>
      <FieldSet legend="When">
        <Segments
          label="When"
          segments={[
            { value: "cron", label: "By the calendar" },
            { value: "interval", label: "Every so often" },
          ]}
          value={values.timing}
          onChange={(timing) => set({ timing })}
        />
      </FieldSet>
      {values.timing === "cron" ? <CronFields {...parts} /> : <IntervalField {...parts} />}
      <Field label="Fires that were missed" help="When the server was down at their time.">
        <Select
          options={policies}
          value={values.missed}
          onChange={(next) =>
            set({ missed: policies.find(({ value }) => value === next)?.value ?? "fire_once" })
          }
        />
      </Field>
      <ObjectField
        label="Inputs of the flow"
        field="inputs"
        value={values.inputs}
        error={errors["inputs"]}
        placeholder="{ }"
        rows={3}
        help={
          <>
            Templates may use <code className="font-mono">{"{{ input.scheduled_for }}"}</code>.
          </>
        }
        onChange={(inputs) => set({ inputs })}
        onTypingFault={onTypingFault}
      />
    </>
  )
}

function CronFields({ values, errors, set }: Parts) {
  const now = useNow(30_000)
  const { cron, time_zone } = values
  const timing = useMemo((): Timing => ({ kind: "cron", cron, time_zone }), [cron, time_zone])
  const faults = useMemo(() => timingFaults(timing, now), [timing, now])
  const fires = useMemo(() => (faults.length > 0 ? [] : nextFires(timing, now, 3)), [timing, faults, now])
  const faultOf = (field: string) => faults.find(({ path }) => path === field)?.message
  const isEmpty = cron.trim() === ""
  const words = faults.length === 0 ? sayCron(cron) : null
  return (
    <>
      <Field
        label="Cron"
        error={errors["cron"] ?? (isEmpty ? undefined : faultOf("cron"))}
        help={words ?? "Minute, hour, day of the month, month, day of the week"}
        action={
          <Select
            aria-label="Presets"
            className="h-6 w-auto text-sm"
            options={[{ value: "", label: "Presets" }, ...presets]}
            value={presets.some(({ value }) => value === cron) ? cron : ""}
            onChange={(next) => next !== "" && set({ cron: next })}
          />
        }
      >
        <Input
          spellCheck={false}
          autoCapitalize="none"
          className="font-mono"
          placeholder="0 9 * * 1-5"
          value={cron}
          onChange={(event) => set({ cron: event.target.value })}
        />
      </Field>
      <Field label="Time zone" error={errors["time_zone"] ?? faultOf("time_zone")}>
        <ZonePicker value={time_zone} onChange={(zone) => set({ time_zone: zone })} />
      </Field>
      <NextFires fires={fires} zone={time_zone} />
    </>
  )
}

function IntervalField({ values, errors, set }: Parts) {
  const now = useNow(1_000)
  const seconds = values.every_seconds
  const isWhole = seconds !== undefined && Number.isInteger(seconds) && seconds >= 10
  const fires = isWhole ? nextFires({ kind: "interval", every_seconds: seconds }, now, 3) : []
  return (
    <>
      <Field
        label="Every"
        note="seconds"
        error={errors["every_seconds"]}
        help={isWhole ? sayInterval(seconds) : "At least 10"}
      >
        <NumberInput integer value={seconds} onChange={(every_seconds) => set({ every_seconds })} />
      </Field>
      <NextFires fires={fires} zone={ownZone()} seconds />
    </>
  )
}

type ZonePickerProps = { value: string; onChange: (zone: string) => void }

/** `Field` gives its id and description to the input. */
function ZonePicker({ value, onChange, ...rest }: ZonePickerProps) {
  const [typed, setTyped] = useState("")
  const zones = useMemo(() => timeZones(), [])
  // Offsets change twice a year.
  const now = useNow(3_600_000)
  const options = useMemo(() => searchZones(zones, typed, now), [zones, typed, now])
  return (
    <Combobox
      {...rest}
      chosen={value.replaceAll("_", " ")}
      typed={typed}
      onType={setTyped}
      options={options}
      onChoose={(zone) => onChange(zone.value)}
      nothing="No time zone has this in its name"
      placeholder="Search, such as Berlin"
    />
  )
}
