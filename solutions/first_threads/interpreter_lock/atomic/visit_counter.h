#ifndef RACELAB_VISIT_COUNTER_H_
#define RACELAB_VISIT_COUNTER_H_

#include "labs/first_threads/interpreter_lock/interpreter.h"

// A web server that counts its visits, written in the guest language: its source, and the compiler's output for it.
//
// Any number of guest threads of one interpreter may run Serve() at once. While one waits for a request, the others
// answer theirs. Total(), run when they have all ended, returns how many requests they have answered.
//
// Loading, adding and storing are one instruction, and the interpreter does promise to execute one instruction at a
// time. The guest gets its atomic addition for nothing, since the interpreter's lock is held for each instruction
// anyway. This is a property of this byte code: a statement that looks like one step in the source need not be one
// instruction, or may stop being one in the next version of the compiler.
class VisitCounter {
 public:
  //   while read():
  //       add_to(visits, 1)
  static Program Serve() {
    return {
        {Op::kRead, 4},         // 0
        {Op::kPush, 1},         // 1
        {Op::kAddTo, kVisits},  // 2
        {Op::kJump, 0},         // 3
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
