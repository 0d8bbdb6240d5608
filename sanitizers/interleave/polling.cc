// Waiting for one of several descriptors: poll(), select(), epoll. Any thread may cause the awaited event, so this is a
// step that conflicts with every step on a descriptor.

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

#include <algorithm>

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/cancellation.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/model/descriptor.h"
#include "sanitizers/interleave/signals.h"
#include "sanitizers/interleave/snapshot.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr std::int64_t kNanosecondsInSecond = 1'000'000'000;
constexpr timespec kNoTime = {0, 0};

// What a polling thread waits for.
struct Request {
  pollfd* descriptors;
  nfds_t count;
  std::int64_t time;  // in nanoseconds; kNever without a time limit
  const void* pc;
};

void AcquireReady(const Request& request) {
  for (nfds_t i = 0; i < request.count; ++i) {
    if (request.descriptors[i].revents == 0) continue;
    const Descriptor& descriptor = FindDescriptor(request.descriptors[i].fd);
    if (descriptor.sort != Sort::kPoller) {
      execution.happens_before.Acquire(execution.current, AddressOf(descriptor));
      continue;
    }
    // The kernel tells only the program which of an epoll's descriptors is ready.
    for (int object = 0; object < ObjectsInUse(); ++object) {
      execution.happens_before.Acquire(execution.current, FirstAddress() + static_cast<std::uintptr_t>(object));
    }
  }
}

// Returns when a descriptor is ready or the time limit has passed, which may be at any moment if other threads can go
// on. Returns false if a signal handler ran.
bool Await(const Request& request) {
  bool slow = false, world = false;
  for (nfds_t i = 0; i < request.count; ++i) {
    if (request.descriptors[i].fd < 0) continue;
    const Descriptor& descriptor = FindDescriptor(request.descriptors[i].fd);
    slow |= descriptor.slow || (descriptor.sort == Sort::kPoller && SlowInUse());
    world |= descriptor.sort == Sort::kOutside;
  }
  const bool waits = request.time == kNever && !world;
  const DescriptorWait wait = {request.descriptors, request.count, execution.current, waits, slow};
  if (waits) ExpectNoCancellation(request.pc);
  TakeInterruption();
  do {
    execution.Step(OnDescriptor(Kind::kDescriptorPoll, FirstAddress(), wait, request.pc, kMostObjects));
    if ((waits && EndsByInterruption(request.pc)) || execution.me().IsCancelled()) return false;
  } while (waits && Poll(request.descriptors, request.count) == 0);
  if (Poll(request.descriptors, request.count) > 0) {
    AcquireReady(request);
  } else if (request.time == kNever && world) {
    waits_for_the_world = true;
    SystemCall(SYS_poll, AsArgument(request.descriptors), static_cast<long>(request.count), -1);
    waits_for_the_world = false;
  } else {
    execution.now += request.time;
    execution.Yield(request.pc);
  }
  return true;
}

std::int64_t TimeOf(const timespec* time) {
  return time == nullptr ? kNever : time->tv_sec * kNanosecondsInSecond + time->tv_nsec;
}
std::int64_t Milliseconds(long time) { return time < 0 ? kNever : time * 1'000'000; }

// Polls with the call's signal mask.
class WithMask {
 public:
  explicit WithMask(const std::uint64_t* mask) : mask_(mask) {
    if (mask != nullptr) before_ = ExchangeBlocked(*mask);
  }
  ~WithMask() {
    if (mask_ == nullptr) return;
    RunHandlers();
    ExchangeBlocked(before_);
  }

 private:
  const std::uint64_t* mask_;
  std::uint64_t before_ = 0;
};

long PollCall(KernelCall& call, std::int64_t time, const std::uint64_t* mask) {
  const WithMask with_mask(mask);
  const long* a = call.arguments;
  const Request request = {reinterpret_cast<pollfd*>(a[0]), static_cast<nfds_t>(a[1]), time, CheapPlaceOf(call)};
  ExpectWrites(request.descriptors, request.count * sizeof(pollfd));
  if (!Await(request)) return -EINTR;
  return Poll(request.descriptors, request.count);
}

long SelectCall(KernelCall& call, std::int64_t time, const std::uint64_t* mask) {
  const WithMask with_mask(mask);
  const long* a = call.arguments;
  pollfd descriptors[FD_SETSIZE];
  nfds_t count = 0;
  const int most = static_cast<int>(std::min<long>(a[0], FD_SETSIZE));
  auto* const* sets = reinterpret_cast<fd_set* const*>(a + 1);
  constexpr short kEvents[] = {POLLIN, POLLOUT, POLLPRI};
  for (int number = 0; number < most; ++number) {
    short events = 0;
    for (int i = 0; i < 3; ++i) {
      if (sets[i] != nullptr && FD_ISSET(number, sets[i])) events = static_cast<short>(events | kEvents[i]);
    }
    if (events != 0) descriptors[count++] = {number, events, 0};
  }
  if (!Await({descriptors, count, time, CheapPlaceOf(call)})) return -EINTR;
  for (int i = 0; i < 3; ++i) {
    if (sets[i] != nullptr) ExpectWrites(sets[i], static_cast<std::size_t>(most + 7) / 8);
  }
  return SystemCall(SYS_pselect6, most, a[1], a[2], a[3], AsArgument(&kNoTime), 0);
}

long EpollCall(KernelCall& call, std::int64_t time, const std::uint64_t* mask) {
  const WithMask with_mask(mask);
  const long* a = call.arguments;
  pollfd one = {static_cast<int>(a[0]), POLLIN, 0};
  if (!Await({&one, 1, time, CheapPlaceOf(call)})) return -EINTR;
  return PassOn({SYS_epoll_wait, {a[0], a[1], a[2], 0, 0, 0}, nullptr, nullptr});
}

struct MaskArgument {
  const std::uint64_t* mask;
  std::size_t size;
};

}  // namespace

bool EnterPolling(KernelCall& call, long& result) {
  const long* a = call.arguments;
  switch (call.number) {
    case SYS_poll:
      result = PollCall(call, Milliseconds(static_cast<int>(a[2])), nullptr);
      return true;
    case SYS_ppoll:
      result =
          PollCall(call, TimeOf(reinterpret_cast<const timespec*>(a[2])), reinterpret_cast<const std::uint64_t*>(a[3]));
      return true;
    case SYS_select: {
      const auto* limit = reinterpret_cast<const timeval*>(a[4]);
      result = SelectCall(
          call, limit == nullptr ? kNever : limit->tv_sec * kNanosecondsInSecond + limit->tv_usec * 1000, nullptr);
      return true;
    }
    case SYS_pselect6: {
      const auto* mask = reinterpret_cast<const MaskArgument*>(a[5]);
      result =
          SelectCall(call, TimeOf(reinterpret_cast<const timespec*>(a[4])), mask == nullptr ? nullptr : mask->mask);
      return true;
    }
    case SYS_epoll_wait:
    case SYS_epoll_pwait:
      result = EpollCall(call, Milliseconds(static_cast<int>(a[3])),
                         call.number == SYS_epoll_wait ? nullptr : reinterpret_cast<const std::uint64_t*>(a[4]));
      return true;
    case SYS_epoll_pwait2:
      result = EpollCall(call, TimeOf(reinterpret_cast<const timespec*>(a[3])),
                         reinterpret_cast<const std::uint64_t*>(a[4]));
      return true;
    default:
      return false;
  }
}

}  // namespace racelab::interleave
