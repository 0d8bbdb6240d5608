#ifndef RACELAB_TESTS_SUPPORT_PROPERTY_H_
#define RACELAB_TESTS_SUPPORT_PROPERTY_H_

#include "rapidcheck/gtest.h"

// A rapidcheck property of a lab's class as a GoogleTest, like RC_GTEST_PROP:
//
//   RACELAB_PROPERTY(HitCounter, CountsLikeANumberOnOneThread, ()) {
//     ... *rc::gen::arbitrary<std::vector<bool>>() ... RC_ASSERT(...)
//   }
//
// It compares what one thread does with a sequential model, and so is the same with every compiler; but it takes g++
// twice as long as the rest of a test to compile one. Where a machine has clang, too, g++ leaves them out: it parses
// them, and instantiates nothing.
#ifdef RACELAB_WITHOUT_PROPERTIES
#define RACELAB_PROPERTY(Suite, Name, Arguments) \
  template <typename>                            \
  void Suite##_##Name##_IsLeftOut Arguments
#else
#define RACELAB_PROPERTY(Suite, Name, Arguments) RC_GTEST_PROP(Suite, Name, Arguments)
#endif

#endif  // RACELAB_TESTS_SUPPORT_PROPERTY_H_
