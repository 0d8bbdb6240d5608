// Pipes, sockets, eventfds: reads and writes are steps, which are not possible while the kernel would block them.

#include "sanitizers/interleave/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/model/descriptor.h"
#include "sanitizers/interleave/signal_delivery.h"
#include "sanitizers/interleave/signals.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

char addresses[kMostObjects];

// Makes the call with O_NONBLOCK set, so that it does not block in the kernel.
long WithoutWaiting(int descriptor, const KernelCall& call, bool told_already) {
  if (told_already) return PassOn(call);
  const long flags = SystemCall(SYS_fcntl, descriptor, F_GETFL);
  SystemCall(SYS_fcntl, descriptor, F_SETFL, flags | O_NONBLOCK);
  const long result = PassOn(call);
  SystemCall(SYS_fcntl, descriptor, F_SETFL, flags);
  return result;
}

// How many bytes the program wants to write; -1 if a partial write is sufficient.
long BytesToWrite(const KernelCall& call) {
  return call.number == SYS_write || call.number == SYS_sendto ? call.arguments[2] : -1;
}

bool IsDatagram(int descriptor) {
  int type = 0;
  socklen_t size = sizeof type;
  const long result = SystemCall(SYS_getsockopt, descriptor, SOL_SOCKET, SO_TYPE, AsArgument(&type), AsArgument(&size));
  return result == 0 && type != SOCK_STREAM;
}

long FlagsOf(const KernelCall& call) {
  switch (call.number) {
    case SYS_recvfrom:
    case SYS_sendto:
      return call.arguments[3];
    case SYS_recvmsg:
    case SYS_sendmsg:
      return call.arguments[2];
    case SYS_recvmmsg:
    case SYS_sendmmsg:
      return call.arguments[3];
    default:
      return 0;
  }
}

long Transfer(KernelCall& call, bool writes) {
  const int number = static_cast<int>(call.arguments[0]);
  UseNumber(number, call);
  const Descriptor descriptor = FindDescriptor(number);
  long result;
  if (descriptor.sort == Sort::kOutside) {
    if (!writes && ReadInput(call, result)) return result;
    waits_for_the_world = true;
    result = PassOn(call);
    waits_for_the_world = false;
    return result;
  }
  if (descriptor.sort == Sort::kIndifferent || descriptor.sort == Sort::kUnknown) return PassOn(call);
  const Kind kind = writes ? Kind::kDescriptorWrite : Kind::kDescriptorRead;
  const long flags = SystemCall(SYS_fcntl, number, F_GETFL);
  const bool told = (flags & O_NONBLOCK) != 0 || descriptor.sort == Sort::kFile;
  const bool waits = !told && (FlagsOf(call) & MSG_DONTWAIT) == 0;
  const void* pc = CheapPlaceOf(call);
  KernelCall rest = call;
  long done = 0;
  for (;;) {
    if (!StepOn(descriptor, kind, number, writes ? POLLOUT : POLLIN, waits, pc)) return done > 0 ? done : -EINTR;
    if (writes) execution.happens_before.Release(execution.current, AddressOf(descriptor));
    result = WithoutWaiting(number, rest, told);
    if (result == -EAGAIN && waits) continue;
    if (!writes && result >= 0) execution.happens_before.Acquire(execution.current, AddressOf(descriptor));
    if (result == -EPIPE && (FlagsOf(call) & MSG_NOSIGNAL) == 0) RaiseHere(SIGPIPE, pc);
    if (result < 0) return done > 0 ? done : result;
    done += result;
    // A blocking write continues until all is written; a datagram is written as a whole.
    if (!writes || !waits || BytesToWrite(rest) <= result || IsDatagram(number)) return done;
    rest.arguments[1] += result;
    rest.arguments[2] -= result;
  }
}

}  // namespace

std::uintptr_t FirstAddress() { return Address(addresses); }
std::uintptr_t AddressOf(const Descriptor& descriptor) {
  return Address(addresses) + static_cast<std::uintptr_t>(descriptor.object);
}

int ObjectAt(std::uintptr_t address) {
  const std::uintptr_t object = address - Address(addresses);
  return object < kMostObjects ? static_cast<int>(object) : -1;
}

int Poll(pollfd* descriptors, nfds_t count) {
  return static_cast<int>(SystemCall(SYS_poll, AsArgument(descriptors), static_cast<long>(count), 0));
}

bool StepOn(const Descriptor& descriptor, Kind kind, int number, short events, bool waits, const void* pc) {
  pollfd one = {number, events, 0};
  const DescriptorWait wait = {&one, 1, execution.current, waits, descriptor.slow};
  if (waits) ExpectNoCancellation(pc);
  TakeInterruption();  // Discards an interruption from before this call.
  execution.Step(OnDescriptor(kind, AddressOf(descriptor), wait, pc));
  return !(waits && EndsByInterruption(pc)) && !execution.me().IsCancelled();
}

bool EnterDescriptors(KernelCall& call, long& result) {
  switch (call.number) {
    case SYS_read:
    case SYS_readv:
    case SYS_preadv:
    case SYS_preadv2:
    case SYS_pread64:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_recvmmsg:
      result = Transfer(call, false);
      return true;
    case SYS_write:
    case SYS_writev:
    case SYS_pwritev:
    case SYS_pwritev2:
    case SYS_pwrite64:
    case SYS_sendto:
    case SYS_sendmsg:
    case SYS_sendmmsg:
      result = Transfer(call, true);
      return true;
    default:
      return EnterPolling(call, result) || EnterChanges(call, result);
  }
}

}  // namespace racelab::interleave
