import { generateKeyPairSync, randomBytes } from "node:crypto"

/** The secrets of an installation that lives as long as a test. */
export const testSecrets = {
  SIGNING_KEY: JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
  PEPPER: randomBytes(32).toString("base64"),
  SECRETS_KEK: randomBytes(32).toString("base64"),
  SETUP_TOKEN: randomBytes(16).toString("hex"),
}
