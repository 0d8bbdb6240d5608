#ifndef RACELAB_TESTS_SUPPORT_PROPERTY_H_
#define RACELAB_TESTS_SUPPORT_PROPERTY_H_

#include <vector>

#include "gtest/gtest.h"
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

// What most properties make of rapidcheck's templates, compiled once, in property.cc: in each test, it would take as
// long to compile as all the rest.
#define RACELAB_COMMON_OF_RAPIDCHECK(EXTERN)                                                    \
  EXTERN template void rc::detail::checkGTest(void (*&&)());                                    \
  EXTERN template void rc::detail::checkGTest(void (*&&)(const std::vector<bool>&));            \
  EXTERN template class rc::Gen<int>;                                                           \
  EXTERN template class rc::Gen<bool>;                                                          \
  EXTERN template class rc::Gen<std::vector<int>>;                                              \
  EXTERN template class rc::Gen<std::vector<bool>>;                                             \
  EXTERN template rc::Gen<bool> rc::gen::arbitrary<bool>();                                     \
  EXTERN template rc::Gen<std::vector<int>> rc::gen::arbitrary<std::vector<int>>();             \
  EXTERN template rc::Gen<std::vector<bool>> rc::gen::arbitrary<std::vector<bool>>();           \
  EXTERN template rc::Gen<int> rc::gen::inRange(int, int);                                      \
  EXTERN template rc::Gen<std::vector<int>> rc::gen::container<std::vector<int>>(rc::Gen<int>); \
  EXTERN template rc::Gen<std::vector<int>> rc::gen::resize(int, rc::Gen<std::vector<int>>);
RACELAB_COMMON_OF_RAPIDCHECK(extern)
#endif

#endif  // RACELAB_TESTS_SUPPORT_PROPERTY_H_
