// What only a real process can do, and calls that would block the one kernel thread there is.

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sanitizers/interleave/explorer.h"
#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/options.h"
#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {
namespace {

[[noreturn]] void Unsupported(const char* function) {
  execution.Fail(FailureKind::kUnsupported, "T%d calls %s(), which this runtime does not control", execution.current,
                 function);
}

// Whether the descriptor would make its caller wait.
bool WouldBlock(int descriptor, short events) {
  pollfd one = {descriptor, events, 0};
  return REAL(poll)(&one, 1, 0) == 0;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

#define RACELAB_UNSUPPORTED(result, function, parameters, arguments) \
  RACELAB_INTERCEPTOR result function parameters {                   \
    if (Live()) racelab::interleave::Unsupported(#function);         \
    return REAL(function) arguments;                                 \
  }

RACELAB_UNSUPPORTED(pid_t, fork, () noexcept, ())
RACELAB_UNSUPPORTED(pid_t, vfork, () noexcept, ())
RACELAB_UNSUPPORTED(int, system, (const char* command), (command))
RACELAB_UNSUPPORTED(pid_t, waitpid, (pid_t pid, int* status, int flags), (pid, status, flags))
RACELAB_UNSUPPORTED(int, pthread_cancel, (pthread_t thread), (thread))
RACELAB_UNSUPPORTED(int, pthread_kill, (pthread_t thread, int number) noexcept, (thread, number))
RACELAB_UNSUPPORTED(int, pthread_timedjoin_np, (pthread_t t, void** r, const timespec* time), (t, r, time))
RACELAB_UNSUPPORTED(int, pthread_tryjoin_np, (pthread_t t, void** r) noexcept, (t, r))
RACELAB_UNSUPPORTED(int, pause, (), ())

// Reading and polling are fine as long as nobody has to wait.
RACELAB_INTERCEPTOR ssize_t read(int descriptor, void* buffer, std::size_t bytes) {
  if (Live()) {
    if (WouldBlock(descriptor, POLLIN)) Unsupported("read");
    ExpectWrites(buffer, bytes);
  }
  return REAL(read)(descriptor, buffer, bytes);
}
RACELAB_INTERCEPTOR int poll(pollfd* descriptors, nfds_t count, int timeout) {
  if (!Live() || timeout == 0) return REAL(poll)(descriptors, count, timeout);
  const int ready = REAL(poll)(descriptors, count, 0);
  if (ready == 0) Unsupported("poll");
  return ready;
}
