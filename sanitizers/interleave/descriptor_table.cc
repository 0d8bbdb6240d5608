// The program's descriptors and what they refer to. After each execution, the descriptors that it opened are closed,
// and the earlier ones are restored.

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {

void BeginInput();  // input.cc
void SetBackInput();
void EndInput();

namespace {

constexpr int kMostFromBefore = 1024;
constexpr int kOutOfTheWay = 512;  // From here on: copies of descriptors that the program has closed.
constexpr int kNetwork = 1;        // The object of all sockets with an address: their peers are not known.

struct FromBefore {
  int number;
  long flags;            // the descriptor's own: close-on-exec
  long status;           // O_NONBLOCK and the like
  off_t offset;          // -1 if there is none
  std::uintptr_t inode;  // combined with the device
  int kept = -1;         // a copy, if this execution has closed the descriptor
};

Vector<FromBefore> from_before;  // By number.
AddressMap<Descriptor> descriptors;
AddressMap<Descriptor> by_inode;
int objects = kNetwork + 1;
bool opened = false;       // Whether this execution has opened a descriptor.
bool slow_in_use = false;  // whether it has opened a socket on a network interface

struct Status {
  struct stat stat;
  std::uintptr_t inode;
};

bool Look(int number, Status& status) {
  if (SystemCall(SYS_fstat, number, AsArgument(&status.stat)) != 0) return false;
  status.inode = status.stat.st_ino * 64 + status.stat.st_dev * 0x9E3779B97F4A7C15u;
  return true;
}

int NewObject() {
  if (objects == kMostObjects) {
    execution.Fail(FailureKind::kUnsupported, "more than %d pipes and the like in one execution", kMostObjects - 2);
  }
  return objects++;
}

FromBefore* FindFromBefore(int number) {
  const auto found = std::lower_bound(from_before.begin(), from_before.end(), number,
                                      [](const FromBefore& a, int b) { return a.number < b; });
  return found != from_before.end() && found->number == number ? &*found : nullptr;
}

bool IsOutside(std::uintptr_t inode) {
  return std::any_of(from_before.begin(), from_before.end(),
                     [&](const FromBefore& known) { return known.number <= 2 && known.inode == inode; });
}

Descriptor Describe(int number) {
  Status status;
  if (!Look(number, status)) return {};
  if (IsOutside(status.inode)) return {Sort::kOutside, false, 0};
  switch (status.stat.st_mode & S_IFMT) {
    case S_IFIFO: {
      Descriptor& known = by_inode[status.inode];
      if (known.sort == Sort::kUnknown) known = {Sort::kStream, false, NewObject()};
      return known;
    }
    case S_IFSOCK:
      return {Sort::kStream, true, kNetwork};
    case S_IFREG: {
      Descriptor& known = by_inode[status.inode];
      const bool writes = (SystemCall(SYS_fcntl, number, F_GETFL) & O_ACCMODE) != O_RDONLY;
      if (known.sort == Sort::kUnknown) known = {Sort::kIndifferent, false, 0};
      if (writes && known.sort == Sort::kIndifferent) known = {Sort::kFile, false, NewObject()};
      return known;
    }
    case 0:
      return {Sort::kStream, false, NewObject()};
    default:
      return {Sort::kIndifferent, false, 0};
  }
}

void Know(long number, Descriptor descriptor) {
  if (number < 0) return;
  opened = true;
  descriptors[static_cast<std::uintptr_t>(number) + 1] = descriptor;
}

// Call this before the program closes or replaces the descriptor.
void KeepFromBefore(int number) {
  FromBefore* known = FindFromBefore(number);
  if (known == nullptr || known->kept >= 0) return;
  known->kept = static_cast<int>(SystemCall(SYS_fcntl, number, F_DUPFD_CLOEXEC, kOutOfTheWay));
  opened = true;
}

// This runtime's own descriptors, which the program must not close.
bool IsHidden(int number) {
  const FromBefore* known = FindFromBefore(number);
  if (known != nullptr && number >= 100) return true;
  return std::any_of(from_before.begin(), from_before.end(),
                     [&](const FromBefore& other) { return other.kept == number; });
}

// A step that changes the descriptor for other threads, and releases the thread's earlier actions.
void Change(const Descriptor& descriptor, int number, KernelCall& call) {
  if (descriptor.sort != Sort::kStream && descriptor.sort != Sort::kPoller) return;
  StepOn(descriptor, Kind::kDescriptorWrite, number, 0, false, CheapPlaceOf(call));
  execution.happens_before.Release(execution.current, AddressOf(descriptor));
}

long Close(KernelCall& call) {
  const int number = static_cast<int>(call.arguments[0]);
  if (IsHidden(number)) return -EBADF;
  CloseNumber(number, call);
  Change(FindDescriptor(number), number, call);
  KeepFromBefore(number);
  descriptors[static_cast<std::uintptr_t>(number) + 1] = {};
  return PassOn(call);
}

long CloseRange(const KernelCall& call) {
  constexpr unsigned long kCloseOnExec = 1 << 2;  // linux: CLOSE_RANGE_CLOEXEC
  if ((static_cast<unsigned long>(call.arguments[2]) & kCloseOnExec) != 0) return 0;
  const long last = std::min<long>(static_cast<unsigned>(call.arguments[1]), kMostFromBefore);
  for (long number = static_cast<unsigned>(call.arguments[0]); number <= last; ++number) {
    if (SystemCall(SYS_fcntl, number, F_GETFD) < 0) continue;
    KernelCall one = {SYS_close, {number, 0, 0, 0, 0, 0}, call.pc, call.instruction};
    Close(one);
  }
  return 0;
}

long Duplicate(KernelCall& call, bool onto) {
  const int number = static_cast<int>(call.arguments[0]);
  UseNumber(number, call);
  if (onto) UseNumber(call.arguments[1], call);
  const Descriptor descriptor = FindDescriptor(number);
  if (onto && call.arguments[1] != call.arguments[0]) {
    const int target = static_cast<int>(call.arguments[1]);
    if (IsHidden(target)) return -EBUSY;
    Change(FindDescriptor(target), target, call);
    KeepFromBefore(target);
  }
  const long result = PassOn(call);
  if (!onto) OpenNumber(result, call);
  Know(result, descriptor);
  return result;
}

long Both(KernelCall& call, int ends_at, Descriptor descriptor) {
  const auto* ends = reinterpret_cast<const int*>(call.arguments[ends_at]);
  ExpectWrites(ends, 2 * sizeof(int));
  const long result = PassOn(call);
  if (result == 0) {
    for (int i = 0; i < 2; ++i) {
      descriptor.other_end = ends[1 - i];
      OpenNumber(ends[i], call);
      Know(ends[i], descriptor);
    }
  }
  return result;
}

long Accept(KernelCall& call) {
  const int number = static_cast<int>(call.arguments[0]);
  UseNumber(number, call);
  const Descriptor descriptor = FindDescriptor(number);
  if (descriptor.sort != Sort::kStream) return PassOn(call);
  const bool waits = (SystemCall(SYS_fcntl, number, F_GETFL) & O_NONBLOCK) == 0;
  if (!StepOn(descriptor, Kind::kDescriptorRead, number, POLLIN, waits, CheapPlaceOf(call))) return -EINTR;
  const long result = PassOn(call);
  execution.happens_before.Acquire(execution.current, AddressOf(descriptor));
  OpenNumber(result, call);
  Know(result, descriptor);
  return result;
}

long Open(const KernelCall& call) {
  const long result = PassOn(call);
  OpenNumber(result, call);
  if (result >= 0) Know(result, Describe(static_cast<int>(result)));
  return result;
}

long Fcntl(KernelCall& call) {
  switch (call.arguments[1]) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return Duplicate(call, false);
    case F_SETLKW:
    case F_OFD_SETLKW: {
      call.arguments[1] = call.arguments[1] == F_SETLKW ? F_SETLK : F_OFD_SETLK;
      const long result = PassOn(call);
      if (result == -EAGAIN || result == -EACCES) Refuse("fcntl(F_SETLKW) that has to wait", call);
      return result;
    }
    default:
      return PassOn(call);
  }
}

long Flock(KernelCall& call) {
  constexpr long kWithoutWaiting = 4;  // LOCK_NB
  if ((call.arguments[1] & kWithoutWaiting) != 0) return PassOn(call);
  call.arguments[1] |= kWithoutWaiting;
  const long result = PassOn(call);
  if (result == -EAGAIN) Refuse("flock() that has to wait", call);
  return result;
}

long OfSocket(KernelCall& call) {
  const int number = static_cast<int>(call.arguments[0]);
  if (call.number != SYS_shutdown) UseNumber(number, call);
  Change(FindDescriptor(number), number, call);
  return PassOn(call);
}

}  // namespace

int ObjectsInUse() { return objects; }
bool SlowInUse() { return slow_in_use; }

Descriptor& FindDescriptor(int number) {
  Descriptor& known = descriptors[static_cast<std::uintptr_t>(static_cast<unsigned>(number)) + 1];
  if (known.sort == Sort::kUnknown || known.sort == Sort::kIndifferent) known = Describe(number);
  return known;
}

bool EnterChanges(KernelCall& call, long& result) {
  switch (call.number) {
    case SYS_close:
      return result = Close(call), true;
    case SYS_close_range:
      return result = CloseRange(call), true;
    case SYS_dup:
      return result = Duplicate(call, false), true;
    case SYS_dup2:
    case SYS_dup3:
      return result = Duplicate(call, true), true;
    case SYS_pipe:
    case SYS_pipe2:
      return result = Both(call, 0, {Sort::kStream, false, NewObject()}), true;
    case SYS_socketpair:
      return result = Both(call, 3, {Sort::kStream, false, NewObject()}), true;
    case SYS_eventfd:
    case SYS_eventfd2:
      result = PassOn(call);
      OpenNumber(result, call);
      return Know(result, {Sort::kStream, false, NewObject(), static_cast<int>(result)}), true;
    case SYS_epoll_create:
    case SYS_epoll_create1:
      result = PassOn(call);
      OpenNumber(result, call);
      return Know(result, {Sort::kPoller, false, NewObject()}), true;
    case SYS_socket:
      result = PassOn(call);
      OpenNumber(result, call);
      slow_in_use |= call.arguments[0] == AF_INET || call.arguments[0] == AF_INET6;
      return Know(result, {Sort::kStream, slow_in_use, kNetwork}), true;
    case SYS_accept:
    case SYS_accept4:
      return result = Accept(call), true;
    case SYS_open:
    case SYS_openat:
    case SYS_openat2:
    case SYS_creat:
    case SYS_memfd_create:
      return result = Open(call), true;
    case SYS_connect:
    case SYS_bind:
    case SYS_listen:
    case SYS_shutdown:
    case SYS_epoll_ctl:
      return result = OfSocket(call), true;
    case SYS_fcntl:
      return result = Fcntl(call), true;
    case SYS_flock:
      return result = Flock(call), true;
    default:
      return false;
  }
}

void BeginDescriptors() {
  BeginInput();
  from_before.clear();
  for (int number = 0; number < kMostFromBefore; ++number) {
    const long flags = SystemCall(SYS_fcntl, number, F_GETFD);
    if (flags < 0) continue;
    Status status;
    if (!Look(number, status)) continue;
    const bool file = S_ISREG(status.stat.st_mode);
    from_before.push_back({number, flags, SystemCall(SYS_fcntl, number, F_GETFL),
                           file ? SystemCall(SYS_lseek, number, 0, 1) : -1, status.inode, -1});
  }
  opened = true;
}

// Closes the ranges between the descriptors that stay open: the kernel has no call that closes all but a few
// descriptors.
void SetBackDescriptors() {
  for (FromBefore& known : from_before) {
    if (known.kept < 0) continue;
    SystemCall(SYS_dup3, known.kept, known.number, (known.flags & FD_CLOEXEC) != 0 ? O_CLOEXEC : 0);
    known.kept = -1;
  }
  if (opened) {
    long next = 0;
    for (const FromBefore& known : from_before) {
      if (known.number > next) SystemCall(SYS_close_range, next, known.number - 1, 0);
      next = known.number + 1;
    }
    SystemCall(SYS_close_range, next, ~0u, 0);
  }
  for (const FromBefore& known : from_before) {
    if (known.offset >= 0 && known.number < 100) SystemCall(SYS_lseek, known.number, known.offset, 0);
    if (known.number == 0) SystemCall(SYS_fcntl, known.number, F_SETFL, known.status);
  }
  opened = slow_in_use = false;
  descriptors.Forget();
  by_inode.Forget();
  objects = kNetwork + 1;
  SetBackInput();
}

void EndDescriptors() { EndInput(); }

}  // namespace racelab::interleave
