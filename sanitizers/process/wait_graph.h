#ifndef RACELAB_SANITIZERS_PROCESS_WAIT_GRAPH_H_
#define RACELAB_SANITIZERS_PROCESS_WAIT_GRAPH_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace racelab {

// What a thread is doing.
struct ThreadWait {
  enum class What {
    kRunning,
    kMutex,  // asleep until `on` unlocks the pthread mutex at `address`
    kJoin,   // asleep until the thread `on` ends
    kFutex,  // asleep on a futex that is neither: a condition variable, a semaphore, a barrier, an atomic wait
    kOther,  // asleep in another system call: a timer, a pipe, a file
  };
  pid_t thread = 0;
  What what = What::kRunning;
  uint64_t address = 0;      // of the futex
  pid_t on = 0;              // kMutex, kJoin
  bool timed = false;        // it will wake up by itself
  bool within = false;       // only a thread of the same process can wake it
  int64_t system_call = -1;  // kOther
  uint64_t stack_pointer = 0;
  int64_t switches = -1;  // the thread's context switches so far, voluntary or not

  friend bool operator==(const ThreadWait&, const ThreadWait&) = default;
};

// Looks at each thread of `process`, in the order of their creation; empty if the process is gone or we may not look at
// it.
//
// Needs no debugger: /proc/<pid>/task/<tid>/syscall (proc(5)) says on which futex a thread sleeps, and the memory there
// says the rest. A pthread mutex has its owner's thread id at offset 8 (glibc's struct __pthread_mutex_s); pthread_join
// sleeps on the word that holds the id of the joined thread.
std::vector<ThreadWait> SampleWaits(pid_t process);

// Returns the threads that wait for each other in a cycle without a time-out; empty if there are none.
std::vector<ThreadWait> FindCycle(const std::vector<ThreadWait>& waits);

// Returns all threads if each sleeps without a time-out until another thread wakes it; otherwise empty.
std::vector<ThreadWait> FindStandstill(const std::vector<ThreadWait>& waits);

// The waits in plain words, one line for each thread: "thread 2 waits for a mutex that thread 3 holds".
std::vector<std::string> Describe(const std::vector<ThreadWait>& waits);

// Decides from successive samples whether threads of a process can never continue.
//
// A single sample proves nothing, because its threads were looked at one after another. But if the next sample shows
// the same waits, and none of their threads has run in between (no context switch), all of them slept the whole time,
// so the waits held simultaneously.
class DeadlockDetector {
 public:
  // Returns the threads of a cycle, or else of a standstill, that has lasted for three samples; otherwise empty.
  std::vector<ThreadWait> Observe(const std::vector<ThreadWait>& waits);

 private:
  std::vector<ThreadWait> stuck_;
  int seen_ = 0;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_PROCESS_WAIT_GRAPH_H_
