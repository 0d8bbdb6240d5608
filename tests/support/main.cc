// The entry point of every program of a lab's tests.

#include "gtest/gtest.h"

// The first report ends the process: what a broken program does after its first race means nothing. TSAN_OPTIONS, in
// the environment, overrides each of these.
extern "C" const char* __tsan_default_options() { return "halt_on_error=1:exitcode=66:second_deadlock_stack=1"; }

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
