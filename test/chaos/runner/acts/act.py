# Says that it has begun, does its effect under the key that it was given, says so, and answers with a name of its own.
import json, os, sys, time, urllib.request

given = json.load(sys.stdin)
run, at = os.urandom(6).hex(), int(time.time() * 1000)
print("begun", run, flush=True)
headers = {"Idempotency-Key": os.environ["EDGECREW_IDEMPOTENCY_KEY"], "Content-Type": "application/json"}
body = json.dumps({"run": run}).encode()
request = urllib.request.Request(os.environ["TARGET"] + "/" + given["name"], body, headers)
urllib.request.urlopen(request, timeout=20).read()
print("acted", run, flush=True)
print(json.dumps({"n": given["n"] + 1, "run": run, "at": at}))
