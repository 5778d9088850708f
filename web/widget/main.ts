import { Client } from "./client.ts"
import { Conversation } from "./conversation.ts"
import { optionsOf } from "./options.ts"
import { View } from "./view.ts"

/**
 * A chat for other sites: `<script src="https://…/widget.js" data-key="eck_…" async></script>`. It brings no styles into the site
 * and takes none, sets no cookie, and asks the site's policy for nothing but this script and connections to its host.
 */
const tag = document.currentScript
const options = tag instanceof HTMLScriptElement ? optionsOf(tag) : null

if (options) {
  const view = new View(options)
  const conversation = new Conversation(new Client(options.host, options.key), {
    changed: (ids) => view.changed(ids),
    partner: (name) => view.name(name),
  })
  const show = () => {
    document.body.append(view.host)
    view.attach(conversation)
  }
  if (document.body) show()
  else document.addEventListener("DOMContentLoaded", show)
} else console.error("Edgecrew's widget needs data-key on its script tag.")
