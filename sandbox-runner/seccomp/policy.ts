/**
 * What a sandboxed program may ask of the kernel: Docker's default list less what only containers, debuggers and old kernels' attackers
 * need. What is not named answers ENOSYS, as a kernel without the call would, so that libraries fall back instead of dying.
 */
export const allowed = `
  accept accept4 access alarm bind brk capget capset chdir chmod chown clock_getres clock_gettime clock_nanosleep close close_range
  connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2
  execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl
  fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futex_waitv futex_wake futex_wait
  futex_requeue futimesat getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid
  getppid getpriority getrandom getresgid getresuid getrlimit get_robust_list getrusage getsid getsockname getsockopt get_thread_area
  gettid gettimeofday getuid getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch ioprio_get ioprio_set kill
  landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr
  lseek lsetxattr lstat madvise membarrier mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect mremap msync munlock
  munlockall munmap nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free
  pkey_mprotect poll ppoll prctl pread64 preadv preadv2 prlimit64 pselect6 pwrite64 pwritev pwritev2 read readahead readlink readlinkat
  readv recvfrom recvmmsg recvmsg removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending
  rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo sched_getaffinity sched_getattr
  sched_getparam sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
  sched_setparam sched_setscheduler sched_yield select sendfile sendmmsg sendmsg sendto setfsgid setfsuid setgid setgroups setitimer
  setpgid setpriority setregid setresgid setresuid setreuid setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address
  setuid setxattr shutdown sigaltstack signalfd signalfd4 splice stat statfs statx symlink symlinkat sync_file_range sysinfo tee tgkill
  time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill
  truncate umask uname unlink unlinkat utime utimensat utimes vfork wait4 waitid write writev arch_prctl
`
  .trim()
  .split(/\s+/)

/** Memory that belongs to no process: allowed only where a cgroup counts it. */
export const countedByCgroup = `
  memfd_create shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open mq_unlink mq_timedsend
  mq_timedreceive mq_notify mq_getsetattr
`
  .trim()
  .split(/\s+/)

/** Answer EPERM: known calls that programs probe for, and for which "not permitted" is the truth. */
export const forbidden = `
  acct add_key bpf chroot clock_adjtime clock_settime adjtimex delete_module fanotify_init fanotify_mark finit_module fsconfig fsmount
  fsopen fspick init_module ioperm iopl kcmp kexec_file_load kexec_load keyctl lookup_dcookie modify_ldt mount mount_setattr move_mount
  move_pages migrate_pages name_to_handle_at open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root process_madvise
  process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot request_key seccomp setdomainname sethostname setns settimeofday
  swapoff swapon syslog umount2 unshare userfaultfd vhangup
`
  .trim()
  .split(/\s+/)

/** What `clone` may not bring: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
export const newNamespaces = 0x7e020000

/** AF_UNIX, AF_INET, AF_INET6: a network namespace does not hold AF_VSOCK, and the rest is attack surface. */
export const families = [1, 2, 10]
/** SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET; never SOCK_RAW or SOCK_PACKET. */
export const socketTypes = [1, 2, 5]
/** The family's own, TCP, UDP: not SMC, MPTCP, SCTP, ICMP. */
export const protocols = [0, 6, 17]

/** TIOCSTI and TIOCLINUX type into a terminal; TIOCSETD loads line disciplines. */
export const terminalTricks = [0x5412, 0x541c, 0x5423]

/** Linux, Linux without randomised addresses for a child, and the question. */
export const personalities = [0, 8, 0x20000, 0x20008, 0xffffffff]
