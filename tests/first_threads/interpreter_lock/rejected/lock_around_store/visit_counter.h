#ifndef RACELAB_VISIT_COUNTER_H_
#define RACELAB_VISIT_COUNTER_H_

#include "labs/first_threads/interpreter_lock/interpreter.h"

// A web server that counts its visits, written in the guest language: its source, and the compiler's output for it.
//
// Any number of guest threads of one interpreter may run Serve() at once. While one waits for a request, the others
// answer theirs. Total(), run when they have all ended, returns how many requests they have answered.
//
// Only one guest thread at a time writes the visits.
class VisitCounter {
 public:
  //   while read():
  //       more = visits + 1
  //       with lock:
  //           visits = more
  static Program Serve() {
    return {
        {Op::kRead, 8},         // 0
        {Op::kLoad, kVisits},   // 1
        {Op::kPush, 1},         // 2
        {Op::kAdd},             // 3
        {Op::kCall, kAcquire},  // 4
        {Op::kStore, kVisits},  // 5
        {Op::kCall, kRelease},  // 6
        {Op::kJump, 0},         // 7
    };
  }

  //   return visits
  static Program Total() {
    return {
        {Op::kLoad, kVisits},  // 0
    };
  }

 private:
  static constexpr int kVisits = 0;  // The place of the global `visits`.
};

#endif  // RACELAB_VISIT_COUNTER_H_
