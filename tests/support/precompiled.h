// The headers that nearly every lab's test includes, parsed once. This only saves time: each file still includes what
// it uses.
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

// For C++20, libstdc++ leaves the instantiation of std::string to each file that uses it, which takes a tenth of a
// test's compilation. Here it is instantiated in string_instantiation.cc.
extern template class std::basic_string<char>;
