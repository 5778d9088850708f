import { generateKeyPairSync, randomBytes } from "node:crypto"

const signingKey = (): string =>
  JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" }))

/** The secrets of an installation that lives as long as a test. */
export const testSecrets = {
  SIGNING_KEY: signingKey(),
  AUDIT_KEY: signingKey(),
  PEPPER: randomBytes(32).toString("base64"),
  SECRETS_KEK: randomBytes(32).toString("base64"),
  SETUP_TOKEN: randomBytes(16).toString("hex"),
}
