# Inside the sandbox: lets one program run, ends all that it left, and hands out its artefacts. It is as untrusted as the program.
# supervise.sh PROCESSES INPUT PORT PROGRAM...   INPUT: tar, message or none   PORT: of the forwarder to /run/egress/proxy, or -
# Descriptor 6 brings files (or the boot file's message), 7 takes the report: "begin", "failed" if it cannot go on or "ready" of a
# boot file, "exit CODE", two lines of times, then a tar stream of /box/out if there is anything in it.
fail() { echo failed >&7; exit 125; }
ulimit -p "$1" || exit 125
input=$2 port=$3
shift 3
echo begin >&7
if [ "$input" = tar ]; then
  /usr/bin/tar -x -f - -C /box/in <&6 2>/dev/null || fail
fi
if [ "$port" != - ]; then
  /usr/bin/mkfifo /tmp/.ready || fail
  /usr/bin/python3 -I -S /run/sbx/forwarder.py /run/egress/proxy "$port" </dev/null >/tmp/.ready 6>&- 7>&- 8>&- &
  read -r ready </tmp/.ready || fail
  /usr/bin/rm /tmp/.ready
fi
# By exec, which finds programs only: "exit" and "kill" are words of this shell.
if [ "$input" = message ]; then (exec "$@" 8>&-); else (exec "$@" 6>&- 7>&- 8>&-); fi
code=$?
kill -9 -1 2>/dev/null
exec 0<&- 1>&- 2>&- 3>&-
echo "exit $code" >&7
times >&7
for each in /box/out/* /box/out/.[!.]* /box/out/..?*; do
  if [ -e "$each" ] || [ -h "$each" ]; then
    /usr/bin/env -i /usr/bin/tar -c -f - -C /box/out . >&7 2>/dev/null
    break
  fi
done
# The end of the report is the runner's sign to end this namespace; its first process is then reaped by bubblewrap and left to nobody.
exec 7>&-
kill -STOP $$
exit "$code"
