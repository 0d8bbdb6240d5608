#ifndef RACELAB_VISIT_COUNTER_H_
#define RACELAB_VISIT_COUNTER_H_

#include "labs/first_threads/interpreter_lock/interpreter.h"

// A web server that counts its visits, written in the guest language: its source, and what the compiler makes of it.
//
// Any number of guest threads of one interpreter may run Serve() at once. Total(), run when all of them have ended,
// returns how many requests they have answered.
//
// Whoever counts a visit holds the guest's lock from the loading of the old number to the storing of the new one, so
// nobody loads in between. The interpreter's own lock is another one, for another purpose: it is let go of after each
// instruction, and has to be, or one guest thread would keep out all others.
class VisitCounter {
 public:
  //   while read():
  //       with lock:
  //           visits += 1
  static Program Serve() {
    return {
        {Op::kRead, 8},         // 0
        {Op::kCall, kAcquire},  // 1
        {Op::kLoad, kVisits},   // 2
        {Op::kPush, 1},         // 3
        {Op::kAdd},             // 4
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
