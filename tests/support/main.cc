// The main() of every lab's test programs.

#include "gtest/gtest.h"

// The first report ends the process, because a broken program's behaviour after its first race means nothing. The
// environment variable TSAN_OPTIONS overrides each of these options.
extern "C" const char* __tsan_default_options() { return "halt_on_error=1:exitcode=66:second_deadlock_stack=1"; }

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
