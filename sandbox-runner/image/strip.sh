#!/bin/sh
# strip.sh ROOT: takes out of a Debian tree what a program must not have or has no use for. What stays belongs to root and gains nobody rights.
set -eu
root=$1
case $root in /*) ;; *) echo "strip.sh needs an absolute path" >&2; exit 2 ;; esac
root=${root%/}
# Package management, logs, caches, documents, kernel and service files.
for path in etc/apt usr/bin/apt usr/bin/apt-* usr/bin/dpkg usr/bin/dpkg-* usr/sbin/dpkg-* usr/lib/apt usr/lib/dpkg \
  var/lib/apt var/lib/dpkg var/cache var/log usr/share/doc usr/share/man usr/share/info usr/share/locale usr/share/lintian \
  usr/share/bug usr/lib/systemd usr/share/zsh usr/share/bash-completion etc/shadow etc/gshadow etc/shadow- etc/gshadow- \
  etc/passwd- etc/group- root/.cache debootstrap image tmp/* run/* boot/* home/*; do
  rm -rf "$root"/$path
done
rm -rf "$root"/usr/lib/python3/dist-packages/__pycache__
# Rights that a file gives to whoever starts it: set-uid and set-gid bits, file capabilities, folders that all may write to.
find "$root/" -xdev -type f -perm /6000 -exec chmod ug-s {} +
find "$root/" -xdev -type d -perm /6000 -exec chmod ug-s {} +
find "$root/" -xdev \( -type f -o -type d \) -perm /0002 -exec chmod o-w {} +
find "$root/" -xdev \( -type b -o -type c -o -type p -o -type s \) -delete
if command -v setcap >/dev/null 2>&1; then
  getcap -r "$root/usr" 2>/dev/null | cut -d' ' -f1 | while read -r file; do setcap -r "$file"; done
fi
find "$root/" -xdev \( ! -uid 0 -o ! -gid 0 \) -exec chown -h 0:0 {} +
