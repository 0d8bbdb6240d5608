#ifndef RACELAB_VISIT_COUNTER_H_
#define RACELAB_VISIT_COUNTER_H_

#include "labs/first_threads/interpreter_lock/interpreter.h"

// A web server that counts its visits, written in the guest language: its source, and what the compiler makes of it.
//
// Any number of guest threads of one interpreter may run Serve() at once. Total(), run when all of them have ended,
// returns how many requests they have answered.
//
// Loading, adding and storing are one instruction, and the interpreter carries out no other meanwhile: that it does
// promise. The guest gets its atomic addition for nothing, since the interpreter's lock is held for each instruction
// anyway. It is a property of this byte code; what looks like one step in the source of a language need not be one, and
// may cease to be one with the next version of its compiler.
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
