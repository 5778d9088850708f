// Runs before the first paint and before any module: what must be settled by then. A file, since the policy forbids inline
// scripts.
;(function () {
  // The policy forbids eval. Zod would probe for it, and the browser report each probe as a violation.
  globalThis.__zod_globalConfig = { jitless: true }

  var isSignedIn = false
  var isOneself = true
  // Written by web/state/appearance.ts; applied here, so that no theme flashes.
  try {
    var saved = JSON.parse(localStorage.getItem("edgecrew.appearance") || "{}")
    var dataset = document.documentElement.dataset
    if (saved.theme === "light" || saved.theme === "dark") dataset.theme = saved.theme
    if (saved.density === "compact") dataset.density = "compact"
    if (saved.nav === "icons") dataset.nav = "icons"
    // Written by web/state/session.ts.
    isSignedIn = localStorage.getItem("edgecrew.tenant") !== null
    // Written by web/state/support.ts: what is asked for early is asked for in one's own name.
    isOneself = sessionStorage.getItem("edgecrew.support") === null
  } catch {
    // Without storage the system's theme is used.
  }

  // Pages that strangers are sent a link to ask nobody who they are.
  if (isSignedIn && !/^\/(approve|form|shared-chats)\//.test(location.pathname)) {
    document.documentElement.dataset.frame = "inside"
    if (isOneself) begin(document.currentScript)
  }

  // What every page of a signed-in person asks for first, asked for while its script is still on the way: it takes the answers
  // from here (web/state/early.ts).
  function begin(script) {
    var flow = /^\/flows\/(flow_[0-9A-Za-z]+)$/.exec(location.pathname)
    // The build writes down what the pages, their frame and the editor are made of (web/vite.config.ts).
    // The frame and the picture of the flow come before what makes it an editor: on a slow line all at once is all late.
    var code = script.dataset
    fetchCode([code.first, code.shell, flow ? code.page : ""].join(" "), function () {
      if (flow) fetchCode(code.editor)
    })
    var api = "/api/v1"
    var answers = new Map()
    globalThis.__edgecrew_early = answers
    var refreshed = locked(function () {
      return fetch(api + "/auth/refresh", {
        method: "POST",
        headers: { accept: "application/json", "content-type": "application/json" },
        body: "{}",
        credentials: "same-origin",
      }).then(whole)
    })
    var token = refreshed.then(function (response) {
      return response.ok ? response.clone().json() : Promise.reject(new Error("There is no session."))
    })
    keep("POST", "/auth/refresh", refreshed)
    read("/auth/me")
    if (flow) read("/flows/" + flow[1])

    function keep(method, path, answer) {
      // Who takes it asks again where it failed.
      answers.set(
        method + " " + api + path,
        answer.catch(function () {}),
      )
    }
    function read(path) {
      var answer = token.then(function (reply) {
        return fetch(api + path, {
          headers: { accept: "application/json", authorization: "Bearer " + reply.access_token },
          credentials: "same-origin",
        }).then(whole)
      })
      keep("GET", path, answer)
    }
  }

  // Where nobody takes an answer, its request is to end all the same.
  function whole(response) {
    return response.text().then(function (text) {
      return new Response(text, { status: response.status, headers: response.headers })
    })
  }

  // As web/api/refresh.ts does: other tabs wait.
  function locked(act) {
    return navigator.locks ? navigator.locks.request("edgecrew-refresh", act) : act()
  }

  function fetchCode(files, then) {
    var names = files.split(" ").filter(function (file) {
      return file !== ""
    })
    var left = names.length
    function one() {
      if (--left === 0 && then) then()
    }
    names.forEach(function (file) {
      var link = document.createElement("link")
      link.rel = file.endsWith(".css") ? "preload" : "modulepreload"
      if (link.rel === "preload") link.as = "style"
      // As Vite asks for it: what is fetched in another way is fetched twice.
      link.crossOrigin = ""
      link.addEventListener("load", one)
      link.addEventListener("error", one)
      link.href = file
      document.head.appendChild(link)
    })
  }
})()
