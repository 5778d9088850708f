import type { WebhookSignature } from "#core/contract/trigger-config"
import { Field } from "#web/ui/field.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { Parts } from "./parts.ts"

type Kind = WebhookSignature["kind"]

const kinds: { value: Kind; label: string; help: string }[] = [
  {
    value: "none",
    label: "None",
    help: "Whoever knows the address may send. It is long and secret by itself.",
  },
  {
    value: "standard_webhooks",
    label: "Standard Webhooks",
    help: "webhook-id, webhook-timestamp and webhook-signature, as Svix and many others send.",
  },
  {
    value: "hmac_sha256",
    label: "HMAC-SHA256",
    help: "A header holds an HMAC of the body under the secret.",
  },
  { value: "header", label: "Secret in a header", help: "A header holds the secret itself." },
  { value: "github", label: "GitHub", help: "X-Hub-Signature-256, as GitHub's webhooks send." },
  { value: "gitlab", label: "GitLab", help: "X-Gitlab-Token, as GitLab's webhooks send." },
  { value: "stripe", label: "Stripe", help: "Stripe-Signature with its timestamp." },
]

export const sayKind = (kind: Kind): string => kinds.find(({ value }) => value === kind)?.label ?? kind

type SignatureFieldsProps = Parts & { hint: string | null }

/** What proves that a delivery comes from its sender. */
export function SignatureFields({ hint, ...parts }: SignatureFieldsProps) {
  const { values, set } = parts
  const kind = kinds.find(({ value }) => value === values.signature) ?? kinds[0]!
  return (
    <>
      <Field label="Signature" help={kind.help}>
        <Select
          options={kinds}
          value={values.signature}
          onChange={(next) => set({ signature: kinds.find(({ value }) => value === next)?.value ?? "none" })}
        />
      </Field>
      {values.signature !== "none" && <SecretField {...parts} hint={hint} />}
      {values.signature === "header" && <HeaderField {...parts} usual="X-Webhook-Secret" />}
      {values.signature === "hmac_sha256" && <HmacFields {...parts} />}
      {(values.signature === "stripe" || values.signature === "standard_webhooks") && (
        <ToleranceField {...parts} />
      )}
    </>
  )
}

const SecretField = ({ values, errors, set, hint }: SignatureFieldsProps) => (
  <Field
    label="Secret"
    note={hint === null ? "optional" : "set"}
    error={errors["secret"]}
    help={
      hint === null
        ? "The one that the sender has. Empty: one is made, and shown once."
        : `It ends in ${hint.replace("…", "")}. Leave this empty to keep it.`
    }
  >
    <PasswordInput
      autoComplete="off"
      data-1p-ignore
      data-lpignore="true"
      value={values.secret}
      onChange={(event) => set({ secret: event.target.value })}
    />
  </Field>
)

const HeaderField = ({ values, errors, set, usual }: Parts & { usual: string }) => (
  <Field label="Header" error={errors["header"]}>
    <Input
      spellCheck={false}
      className="font-mono text-sm"
      placeholder={usual}
      value={values.header}
      onChange={(event) => set({ header: event.target.value })}
    />
  </Field>
)

const ToleranceField = ({ values, errors, set }: Parts) => (
  <Field
    label="Oldest timestamp"
    note="seconds"
    error={errors["tolerance_seconds"]}
    help="What was signed longer ago is refused, so that it cannot be sent again later."
  >
    <NumberInput
      integer
      value={values.tolerance_seconds}
      onChange={(tolerance_seconds) => set({ tolerance_seconds })}
    />
  </Field>
)

function HmacFields(parts: Parts) {
  const { values, errors, set } = parts
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <HeaderField {...parts} usual="X-Signature" />
        <Field label="Prefix" note="optional" error={errors["prefix"]}>
          <Input
            spellCheck={false}
            className="font-mono text-sm"
            placeholder="sha256="
            value={values.prefix}
            onChange={(event) => set({ prefix: event.target.value })}
          />
        </Field>
        <Field label="Written as">
          <Select
            options={[
              { value: "hex", label: "Hex" },
              { value: "base64", label: "Base64" },
            ]}
            value={values.encoding}
            onChange={(next) => set({ encoding: next === "base64" ? "base64" : "hex" })}
          />
        </Field>
      </div>
      <Field
        label="Header with the time"
        note="optional"
        error={errors["timestamp_header"]}
        help="Seconds since 1970, which the signature covers."
      >
        <Input
          spellCheck={false}
          className="font-mono text-sm"
          placeholder="X-Timestamp"
          value={values.timestamp_header}
          onChange={(event) => set({ timestamp_header: event.target.value })}
        />
      </Field>
      {values.timestamp_header.trim() !== "" && <ToleranceField {...parts} />}
      <Field label="What is signed" note="optional" error={errors["content"]}>
        <Input
          spellCheck={false}
          className="font-mono text-sm"
          placeholder={values.timestamp_header.trim() === "" ? "{body}" : "{timestamp}.{body}"}
          value={values.content}
          onChange={(event) => set({ content: event.target.value })}
        />
      </Field>
    </>
  )
}
