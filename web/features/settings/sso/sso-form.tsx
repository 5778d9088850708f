import { useQueryClient } from "@tanstack/react-query"
import { ssoApi, type SsoConnection } from "#core/contract/sso"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { CodeBlock } from "#web/ui/code-block.tsx"
import { Field } from "#web/ui/field.tsx"
import { Form } from "#web/ui/form.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"

const wordsIn = (text: string): string[] => text.split(/[\s,;]+/).filter((word) => word !== "")

/** `sso` is null where there is none yet. */
export function SsoForm({ sso }: { sso: SsoConnection | null }) {
  const queries = useQueryClient()
  const form = useForm({
    initial: {
      issuer: sso?.issuer ?? "",
      client_id: sso?.client_id ?? "",
      client_secret: "",
      domains: sso?.domains.join(", ") ?? "",
      is_active: sso?.is_active ?? true,
    },
    toBody: ({ client_secret: secret, domains, ...rest }) => ({
      ...rest,
      domains: wordsIn(domains),
      ...(secret === "" ? {} : { client_secret: secret }),
    }),
    schema: ssoApi.put.body,
    fieldOf: (path) => path.split(".")[0] ?? path,
    submit: async (body) => {
      const saved = await call(ssoApi.put, { body })
      queries.setQueryData(queryKeys.sso, saved)
      toast.done("Saved the OpenID provider")
    },
  })
  const { values, errors, set } = form
  const secretHelp = sso?.client_secret
    ? `Set (${sso.client_secret.hint}). Leave it empty to keep it.`
    : "Leave it empty for a public client."
  return (
    <Form form={form} className="max-w-lg">
      <Field label="Issuer" error={errors["issuer"]} help="Such as https://login.example.com">
        <Input
          inputMode="url"
          spellCheck={false}
          maxLength={500}
          value={values.issuer}
          onChange={(event) => set({ issuer: event.target.value })}
        />
      </Field>
      <Field label="Client ID" error={errors["client_id"]}>
        <Input
          spellCheck={false}
          maxLength={500}
          value={values.client_id}
          onChange={(event) => set({ client_id: event.target.value })}
        />
      </Field>
      <Field label="Client secret" error={errors["client_secret"]} help={secretHelp}>
        <PasswordInput
          autoComplete="off"
          maxLength={2_000}
          value={values.client_secret}
          onChange={(event) => set({ client_secret: event.target.value })}
        />
      </Field>
      <Field
        label="Email domains"
        error={errors["domains"]}
        help="Only verified addresses of these count, such as example.com."
      >
        <Input
          spellCheck={false}
          value={values.domains}
          onChange={(event) => set({ domains: event.target.value })}
        />
      </Field>
      <CheckboxLine
        label="Members may sign in by it"
        checked={values.is_active}
        onCheckedChange={(is_active) => set({ is_active })}
      />
      {sso && <CodeBlock title="Redirect address to tell the provider" code={sso.redirect_uri} />}
      <Button type="submit" tone="primary" className="self-start" busy={form.busy}>
        {sso ? "Save" : "Set up"}
      </Button>
    </Form>
  )
}
