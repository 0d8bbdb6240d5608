#ifndef RACELAB_SANITIZERS_PROCESS_SUPERVISOR_H_
#define RACELAB_SANITIZERS_PROCESS_SUPERVISOR_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "sanitizers/process/child.h"

namespace racelab {

// A file descriptor that is closed with its owner.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.Release()) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd();

  int get() const { return fd_; }
  int Release();

 private:
  int fd_ = -1;
};

// What the supervisor says through its pipe, a message at a time.
struct SupervisorMessage {
  enum Kind : int32_t { kStarted, kNotStarted, kEnded };
  // The step at which the start failed.
  enum Step : int32_t { kFork, kSession, kParentGone, kDirectory, kRandomisation, kStandardStreams, kExecute };
  int32_t kind;
  int32_t step;   // kNotStarted
  int32_t value;  // kStarted: the process id; kNotStarted: errno; kEnded: the status of wait(2)
  int32_t padding;
  int64_t peak_memory_bytes;  // kEnded
};

// A started program, and the process between it and us.
//
// The supervisor does nothing but reap. It is there because it is a subreaper (prctl(2)): whatever the program leaves
// behind, daemons included, becomes the supervisor's child, so that the processes of one run are told from those of
// another for certain, and the supervisor's end proves that all of them are gone.
struct Supervised {
  pid_t supervisor = 0;
  Fd messages;  // SupervisorMessage; end of file when the supervisor has ended
  Fd out, err;  // the program's, non-blocking
};

// Starts `spec`. That the program itself could not be started is told by a message, not by the status.
absl::StatusOr<Supervised> StartSupervised(const ChildSpec& spec);

// Kills everything that descends from the supervisor, and the supervisor, and returns when all of it has been reaped.
void EndSupervised(const Supervised& supervised, pid_t program);

// What to tell the user about a kNotStarted message: what was tried, why it failed, what to do.
std::string ExplainNotStarted(const ChildSpec& spec, const SupervisorMessage& message);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_SUPERVISOR_H_
