#include "sanitizers/interleave/pending_signals.h"

#include <algorithm>
#include <bit>

namespace racelab::interleave {
namespace {

// The C library keeps the first two for itself.
bool IsRealTime(int signal) { return signal >= __SIGRTMIN; }

}  // namespace

void PendingSignals::Add(int thread, const siginfo_t& information) {
  SignalSet& set = SetOf(thread);
  const int signal = information.si_signo;
  if ((set & Bit(signal)) != 0 && !IsRealTime(signal)) return;
  set |= Bit(signal);
  pending_.push_back({thread, information});
}

siginfo_t PendingSignals::Take(int thread, SignalSet wanted) {
  const int owner = (for_thread_[thread] & wanted) != 0 ? thread : kForProcess;
  SignalSet& set = SetOf(owner);
  const int signal = std::countr_zero(set & wanted) + 1;
  const auto is_wanted = [owner, signal](const Pending& one) {
    return one.thread == owner && one.information.si_signo == signal;
  };
  const auto first = std::find_if(pending_.begin(), pending_.end(), is_wanted);
  const siginfo_t information = first->information;
  pending_.erase(first);
  if (std::none_of(pending_.begin(), pending_.end(), is_wanted)) set &= ~Bit(signal);
  return information;
}

void PendingSignals::ForgetThread(int thread) {
  if (for_thread_[thread] == 0) return;
  for_thread_[thread] = 0;
  std::erase_if(pending_, [thread](const Pending& one) { return one.thread == thread; });
}

void PendingSignals::Forget() {
  for_process_ = 0;
  std::fill(std::begin(for_thread_), std::end(for_thread_), 0);
  pending_.clear();
}

}  // namespace racelab::interleave
