#ifndef RACELAB_SANITIZERS_INTERLEAVE_PENDING_SIGNALS_H_
#define RACELAB_SANITIZERS_INTERLEAVE_PENDING_SIGNALS_H_

#include <signal.h>

#include "sanitizers/interleave/model/signal.h"
#include "sanitizers/interleave/runtime_memory.h"
#include "sanitizers/interleave/vector_clock.h"

namespace racelab::interleave {

inline SignalSet Bit(int signal) { return SignalSet{1} << (signal - 1); }

// Signals that have been sent and not yet taken. Each real-time signal is taken as often as it was sent, in the order
// of sending; of any other signal, at most one instance is pending.
class PendingSignals {
 public:
  static constexpr int kForProcess = -1;  // Any thread may take it.

  // `thread` is a slot, or kForProcess.
  void Add(int thread, const siginfo_t& information);
  SignalSet For(int thread) const { return for_thread_[thread] | for_process_; }
  // Takes the lowest of the `wanted` signals, one of which must be pending: the thread's own, or else the process's.
  siginfo_t Take(int thread, SignalSet wanted);
  void ForgetThread(int thread);
  void Forget();

 private:
  struct Pending {
    int thread;
    siginfo_t information;
  };

  SignalSet& SetOf(int thread) { return thread == kForProcess ? for_process_ : for_thread_[thread]; }

  SignalSet for_process_ = 0;
  SignalSet for_thread_[kMaxThreads] = {};
  Vector<Pending> pending_;  // In the order in which they were sent.
};

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_PENDING_SIGNALS_H_
