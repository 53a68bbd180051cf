#!/bin/sh
# Boots this machine's systemd as process 1 of a machine that only looks like this one: started in new namespaces by machine.ts,
# which says what for. $1: a folder for its changed files. $2: the release under test, seen there as /opt/clockleaf-test,
# $3: a folder seen as /mnt/test; both read only.
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
root=$1/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$root"

mount -t proc proc "$root/proc"
mount -o bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for name in null zero full random urandom tty; do cp -a "/dev/$name" "$root/dev/"; done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs tmpfs "$root/dev/shm"
for pair in "$2:/opt/clockleaf-test" "$3:/mnt/test"; do
  place=$root${pair#*:}
  mkdir -p "$place"
  mount -o bind "${pair%%:*}" "$place"
  mount -o remount,bind,ro "$place"
done
ip link set lo up
hostname clockleaf-test

cd "$root"
mkdir .old
pivot_root . .old
umount -l .old
# Nothing of this environment, and no service of this machine: basic.target has none.
exec env -i container=clockleaf-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --unit=basic.target --show-status=no
