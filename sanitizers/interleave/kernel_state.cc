// The process's state in the kernel that an execution may change: the working directory, masks, limits, and identities.

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <algorithm>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/kernel.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

int directory = -1;  // The initial working directory; -1 as long as no execution has left it.
long mask = -1;      // The initial umask; -1 as long as no execution has changed it.
long brk_before = 0;
bool brk_changed = false;
rlimit limits[RLIM_NLIMITS];
bool limit_changed[RLIM_NLIMITS];

void KeepLimit(const KernelCall& call) {
  const bool old = call.number == SYS_setrlimit;
  const long resource = call.arguments[old ? 0 : 1];
  if (resource < 0 || resource >= RLIM_NLIMITS || limit_changed[resource]) return;
  if (!old && call.arguments[2] == 0) return;
  limit_changed[resource] = SystemCall(SYS_prlimit64, 0, resource, 0, AsArgument(&limits[resource])) == 0;
}

// Real, effective and saved ID.
struct Identities {
  std::uint32_t at[3];
};
constexpr std::uint32_t kUnchanged = ~0u;

Identities Ask(long number) {
  Identities identities;
  SystemCall(number, AsArgument(&identities.at[0]), AsArgument(&identities.at[1]), AsArgument(&identities.at[2]));
  return identities;
}

// The program's user or group cannot always be restored, so changes are refused. A call that changes nothing returns at
// once; in the C library it would involve every thread.
bool Changes(const Identities& now, const std::uint32_t (&wanted)[3]) {
  for (int i = 0; i < 3; ++i) {
    if (wanted[i] != kUnchanged && wanted[i] != now.at[i]) return true;
  }
  return false;
}

long Become(KernelCall& call, const char* name, long ask, std::uint32_t real, std::uint32_t effective,
            std::uint32_t saved) {
  const std::uint32_t wanted[3] = {real, effective, saved};
  if (Changes(Ask(ask), wanted)) Refuse(name, call);
  return 0;
}

}  // namespace

bool EnterCredentials(KernelCall& call, long& result) {
  const auto a = static_cast<std::uint32_t>(call.arguments[0]), b = static_cast<std::uint32_t>(call.arguments[1]),
             c = static_cast<std::uint32_t>(call.arguments[2]);
  switch (call.number) {
    case SYS_setuid:
      return result = Become(call, "setuid() to another user", SYS_getresuid, kUnchanged, a, kUnchanged), true;
    case SYS_setgid:
      return result = Become(call, "setgid() to another group", SYS_getresgid, kUnchanged, a, kUnchanged), true;
    case SYS_setreuid:
      return result = Become(call, "setreuid() to another user", SYS_getresuid, a, b, kUnchanged), true;
    case SYS_setregid:
      return result = Become(call, "setregid() to another group", SYS_getresgid, a, b, kUnchanged), true;
    case SYS_setresuid:
      return result = Become(call, "setresuid() to another user", SYS_getresuid, a, b, c), true;
    case SYS_setresgid:
      return result = Become(call, "setresgid() to another group", SYS_getresgid, a, b, c), true;
    case SYS_setgroups:
      Refuse("setgroups()", call);
    case SYS_capset:
      Refuse("capset()", call);
    case SYS_setsid:
      Refuse("setsid()", call);
    default:
      return false;
  }
}

// Changes what other threads' calls or accesses may find. Such a call is no step.
bool ChangesTheSystem(const KernelCall& call) {
  constexpr long kMakes = O_CREAT | O_TRUNC;
  const long* a = call.arguments;
  switch (call.number) {
    case SYS_open:
      return (a[1] & kMakes) != 0;
    case SYS_openat:
      return (a[2] & kMakes) != 0;
    case SYS_madvise:
      return a[2] == MADV_DONTNEED || a[2] == MADV_FREE || a[2] == MADV_REMOVE;
    case SYS_creat:
    case SYS_unlink:
    case SYS_unlinkat:
    case SYS_rename:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_mkdir:
    case SYS_mkdirat:
    case SYS_rmdir:
    case SYS_link:
    case SYS_linkat:
    case SYS_symlink:
    case SYS_symlinkat:
    case SYS_truncate:
    case SYS_ftruncate:
    case SYS_chmod:
    case SYS_fchmod:
    case SYS_fchmodat:
    case SYS_chdir:
    case SYS_fchdir:
    case SYS_umask:
    case SYS_mprotect:
      return true;
    default:
      return false;
  }
}

void NoteBefore(const KernelCall& call) {
  switch (call.number) {
    case SYS_chdir:
    case SYS_fchdir:
      if (directory < 0) {
        directory = static_cast<int>(SystemCall(SYS_openat, AT_FDCWD, AsArgument("."), O_PATH | O_CLOEXEC));
      }
      return;
    case SYS_umask:
      if (mask < 0) {
        mask = SystemCall(SYS_umask, 0);
        SystemCall(SYS_umask, mask);
      }
      return;
    case SYS_setrlimit:
    case SYS_prlimit64:
      return KeepLimit(call);
    case SYS_brk:
      brk_changed = true;
      return;
    default:
      return;
  }
}

void BeginState() { brk_before = SystemCall(SYS_brk, 0); }

void SetBackState() {
  for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
    if (!limit_changed[resource]) continue;
    SystemCall(SYS_prlimit64, 0, resource, AsArgument(&limits[resource]), 0);
    limit_changed[resource] = false;
  }
  if (mask >= 0) SystemCall(SYS_umask, mask);
  mask = -1;
  if (brk_changed) SystemCall(SYS_brk, brk_before);
  brk_changed = false;
}

// Call this before descriptors are closed, because `directory` is one of them.
void SetBackDirectory() {
  if (directory < 0) return;
  SystemCall(SYS_fchdir, directory);
  SystemCall(SYS_close, directory);
  directory = -1;
}

}  // namespace racelab::interleave
