#ifndef RACELAB_VISIT_COUNTER_H_
#define RACELAB_VISIT_COUNTER_H_

#include "labs/first_threads/interpreter_lock/interpreter.h"

// A web server that counts its visits, written in the guest language: its source, and the compiler's output for it.
//
// Any number of guest threads of one interpreter may run Serve() at once. While one waits for a request, the others
// answer theirs. Total(), run when they have all ended, returns how many requests they have answered.
//
// Each guest thread counts its own visits, on its own stack, which no other thread touches, and hands over the number
// when it has answered its last request. Total() adds up these numbers. Nothing is shared until it is final.
class VisitCounter {
 public:
  //   visits = 0                 # a local: on the thread's own stack
  //   while read():
  //       visits += 1
  //   list.append(visits)
  static Program Serve() {
    return {
        {Op::kPush, 0},        // 0
        {Op::kRead, 5},        // 1
        {Op::kPush, 1},        // 2
        {Op::kAdd},            // 3
        {Op::kJump, 1},        // 4
        {Op::kCall, kAppend},  // 5
    };
  }

  //   return sum(list)
  static Program Total() {
    return {
        {Op::kCall, kSum},  // 0
    };
  }
};

#endif  // RACELAB_VISIT_COUNTER_H_
