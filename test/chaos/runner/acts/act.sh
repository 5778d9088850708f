# As act.py, with nothing but a shell: the proxy is spoken to by hand.
IFS= read -r -d '' given
n=${given#*\"n\":}
n=${n%%[,\}]*}
name=${given#*\"name\":\"}
name=${name%%\"*}
run=$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
at=$(date +%s%3N)
echo "begun $run"
secret=${HTTP_PROXY#http://}
auth=$(printf %s "${secret%@*}" | base64 -w0)
host=${TARGET#http://}
body="{\"run\":\"$run\"}"
exec 9<>/dev/tcp/127.0.0.1/3128
printf '%s\r\n' "POST $TARGET/$name HTTP/1.1" "Host: ${host%%/*}" "Proxy-Authorization: Basic $auth" \
  "Idempotency-Key: $EDGECREW_IDEMPOTENCY_KEY" "Content-Type: application/json" "Content-Length: ${#body}" \
  "Connection: close" "" >&9
printf %s "$body" >&9
read -r status <&9
case $status in
*' 200 '*) cat <&9 >/dev/null ;;
*)
  echo "$status" >&2
  exit 1
  ;;
esac
echo "acted $run"
echo "{\"n\":$((n + 1)),\"run\":\"$run\",\"at\":$at}"
