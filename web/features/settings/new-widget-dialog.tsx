import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState, type ComponentProps } from "react"
import { apiKeysApi } from "#core/contract/api-keys"
import { partnerBody, partnersQuery, type Partner } from "#web/api/partners.ts"
import { Button } from "#web/ui/button.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { Combobox } from "#web/ui/combobox.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useSettled } from "#web/ui/use-settled.ts"
import { useKeyActs } from "./api-key-queries.ts"

const kinds: Record<Partner["is"], string> = { crew: "Crew", agent: "Agent", flow: "Flow" }

/** Sites as one writes them, one a line; a path behind them means nothing here. */
const originsOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((line) => (URL.canParse(line) ? new URL(line).origin : line)),
  ),
]

/** Which field an error of the key's restrictions belongs beside. */
const fieldOf = (path: string): string => {
  if (path.startsWith("restrictions.origins")) return "origins"
  return path.startsWith("restrictions") ? "partner" : path
}

/** Makes a key for the pages of another site, then shows what to paste there. */
export function NewWidgetDialog({ onClose }: { onClose: () => void }) {
  const { create } = useKeyActs()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({
    initial: { name: "", partner: null as Partner | null, origins: "" },
    toBody: ({ name, partner, origins }) => ({
      name,
      scopes: ["chat.write"],
      restrictions: { ...(partner ? partnerBody(partner) : {}), origins: originsOf(origins) },
    }),
    schema: apiKeysApi.create.body,
    fieldOf,
    submit: async (body) => setSecret((await create.mutateAsync(body)).secret),
  })
  if (secret !== null) return <Snippet secret={secret} onClose={onClose} />
  const { values, errors, set } = form
  return (
    <FormDialog
      form={form}
      act="Make widget"
      onClose={onClose}
      title="New chat widget"
      description="A chat with one partner on the pages of your own sites. Its key opens nothing else."
    >
      <Field label="Name" error={errors["name"]} help="Where it will stand, such as “Shop, bottom right”.">
        <Input
          autoFocus
          maxLength={120}
          value={values.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="Who answers" error={errors["partner"]}>
        <PartnerInput value={values.partner} onChange={(partner) => set({ partner })} />
      </Field>
      <Field
        label="Sites"
        error={errors["origins"]}
        help="One a line, such as https://shop.example. Pages of other sites are refused."
      >
        <Textarea
          value={values.origins}
          placeholder="https://shop.example"
          spellCheck={false}
          onChange={(event) => set({ origins: event.target.value })}
          className="font-mono text-sm"
        />
      </Field>
    </FormDialog>
  )
}

type PartnerInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid"> & {
  value: Partner | null
  onChange: (partner: Partner) => void
}

function PartnerInput({ value, onChange, ...rest }: PartnerInputProps) {
  const [typed, setTyped] = useState("")
  const search = useSettled(typed.trim())
  const found = useQuery({ ...partnersQuery(search), placeholderData: keepPreviousData }).data ?? []
  return (
    <Combobox
      {...rest}
      chosen={value?.name ?? ""}
      typed={typed}
      onType={setTyped}
      placeholder="Search crews, agents and flows"
      nothing="Nobody is called that."
      options={found.map((partner) => ({ value: partner.id, label: partner.name, note: kinds[partner.is] }))}
      onChoose={({ value: id }) => {
        const partner = found.find((one) => one.id === id)
        if (partner) onChange(partner)
      }}
    />
  )
}

/** What a site's source needs. The key in it is no secret: it opens this one chat, and only from these sites. */
const Snippet = ({ secret, onClose }: { secret: string; onClose: () => void }) => (
  <Dialog
    open
    // Only the button closes it: the key is not shown again.
    onOpenChange={() => undefined}
    hasClose={false}
    title="Paste this into your pages"
    size="lg"
    footer={
      <Button tone="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <div className="flex flex-col gap-3">
      <CodeBlock
        wrap
        title="Before the end of the body"
        code={`<script src="${location.origin}/widget.js" data-key="${secret}" async></script>`}
      />
      <p className="text-soft">
        More attributes: <Attribute name="title" />, <Attribute name="greeting" />,{" "}
        <Attribute name="placeholder" />, <Attribute name="side" /> (left or right),{" "}
        <Attribute name="theme" /> (auto, light or dark) and <Attribute name="open" />. Colours are set by
        CSS, such as <code className="font-mono text-sm">edgecrew-chat {"{ --edgecrew-accent: teal }"}</code>.
      </p>
      <p className="text-soft">
        A site with a content security policy allows this server in its script-src and connect-src. It is all
        that the widget asks for. The key is not shown again; whoever reads your pages can see it, and it
        opens this chat only, from these sites.
      </p>
    </div>
  </Dialog>
)

const Attribute = ({ name }: { name: string }) => <code className="font-mono text-sm">data-{name}</code>
