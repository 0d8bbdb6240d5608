#ifndef RACELAB_SANITIZERS_PROCESS_SUPERVISOR_H_
#define RACELAB_SANITIZERS_PROCESS_SUPERVISOR_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "sanitizers/process/child.h"

namespace racelab {

// Owns a file descriptor, and closes it when destroyed.
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

// A message that the supervisor sends through its pipe.
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

// A started program and its supervisor, the process between it and us.
//
// The supervisor only reaps. It exists because it is a subreaper (prctl(2)): every process that the program leaves
// behind, daemons included, becomes the supervisor's child. So the processes of one run cannot be confused with those
// of another, and the end of the supervisor proves that all of them are gone.
struct Supervised {
  pid_t supervisor = 0;
  Fd messages;  // carries SupervisorMessage; end of file once the supervisor has ended
  Fd out, err;  // the program's, non-blocking
};

// Starts `spec`. If the program itself cannot be started, a message says so, not the status.
absl::StatusOr<Supervised> StartSupervised(const ChildSpec& spec);

// Kills the supervisor and everything that descends from it, and returns when all of these processes have been reaped.
void EndSupervised(const Supervised& supervised, pid_t program);

// Returns the read end of a pipe that reaches end of file once this process, and everything that RunChild starts after
// this call, have ended. It is meant for a process that cleans up after this one. -1 if the pipe cannot be created.
int Lifeline();

// The text for the user about a kNotStarted message: what was tried, why it failed, what to do.
std::string ExplainNotStarted(const ChildSpec& spec, const SupervisorMessage& message);

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_SUPERVISOR_H_
