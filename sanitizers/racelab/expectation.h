#ifndef RACELAB_SANITIZERS_RACELAB_EXPECTATION_H_
#define RACELAB_SANITIZERS_RACELAB_EXPECTATION_H_

#include "sanitizers/verdict/judge.h"
#include "sanitizers/verdict/judge_exploration.h"

namespace racelab {

// What each detector must find in a wrong variant.
struct Expectation {
  Evidence tsan;
  ExpectedFailure interleave;
};

}  // namespace racelab

#endif  // RACELAB_SANITIZERS_RACELAB_EXPECTATION_H_
