#ifndef RACELAB_VISIT_COUNTER_H_
#define RACELAB_VISIT_COUNTER_H_

#include "labs/first_threads/interpreter_lock/interpreter.h"

// A web server that counts its visits, written in the guest language: its source, and the compiler's output for it.
//
// Any number of guest threads of one interpreter may run Serve() at once. While one waits for a request, the others
// answer theirs. Total(), run when they have all ended, returns how many requests they have answered.
//
// A guest thread holds the guest's lock from reading a request to storing the new number, so each request that has been
// read is counted before the next one is, and no other thread loads in between. The interpreter's own lock serves
// another purpose: it is released after each instruction, and has to be, or one guest thread would keep out all others.
class VisitCounter {
 public:
  //   while True:
  //       with lock:
  //           if not read(): break
  //           visits += 1
  static Program Serve() {
    return {
        {Op::kCall, kAcquire},  // 0
        {Op::kRead, 8},         // 1
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
