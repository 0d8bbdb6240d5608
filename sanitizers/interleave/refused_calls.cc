// The system calls that this runtime does not control.

#include <sys/syscall.h>

namespace racelab::interleave {
namespace {

struct RefusedCall {
  long number;
  const char* name;
};

constexpr RefusedCall kRefused[] = {
    {SYS_clone, "clone"},
    {SYS_clone3, "clone3"},
    {SYS_fork, "fork"},
    {SYS_vfork, "vfork"},
    {SYS_execve, "execve"},
    {SYS_execveat, "execveat"},
    {SYS_wait4, "wait4"},
    {SYS_waitid, "waitid"},
    {SYS_exit, "exit of a single thread"},
    {SYS_alarm, "alarm"},
    {SYS_setitimer, "setitimer"},
    {SYS_timer_create, "timer_create"},
    {SYS_timer_settime, "timer_settime"},
    {SYS_timerfd_create, "timerfd_create"},
    {SYS_timerfd_settime, "timerfd_settime"},
    {SYS_signalfd, "signalfd"},
    {SYS_signalfd4, "signalfd"},
    {SYS_ptrace, "ptrace"},
    {SYS_seccomp, "seccomp"},
    {SYS_io_uring_setup, "io_uring_setup"},
    {SYS_io_uring_enter, "io_uring_enter"},
    {SYS_io_setup, "io_setup"},
    {SYS_mq_open, "mq_open"},
    {SYS_semget, "semget"},
    {SYS_shmat, "shmat"},
    {SYS_semop, "semop"},
    {SYS_semtimedop, "semtimedop"},
    {SYS_msgget, "msgget"},
    {SYS_msgrcv, "msgrcv"},
    {SYS_userfaultfd, "userfaultfd"},
    {SYS_unshare, "unshare"},
    {SYS_setns, "setns"},
    {SYS_chroot, "chroot"},
    {SYS_pivot_root, "pivot_root"},
    {SYS_mount, "mount"},
    {SYS_umount2, "umount"},
    {SYS_reboot, "reboot"},
    {SYS_personality, "personality"},
    {SYS_modify_ldt, "modify_ldt"},
    {SYS_splice, "splice"},
    {SYS_tee, "tee"},
    {SYS_vmsplice, "vmsplice"},
    {SYS_inotify_init, "inotify_init"},
    {SYS_inotify_init1, "inotify_init1"},
    {SYS_fanotify_init, "fanotify_init"},
    {SYS_pidfd_open, "pidfd_open"},
};

}  // namespace

const char* NameOfRefused(long number) {
  for (const RefusedCall& refused : kRefused) {
    if (refused.number == number) return refused.name;
  }
  return nullptr;
}

}  // namespace racelab::interleave
