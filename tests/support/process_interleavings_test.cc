#include "tests/support/process_interleavings.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <iterator>
#include <numeric>
#include <set>
#include <string>
#include <type_traits>

#include "absl/functional/function_ref.h"
#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "tests/support/second_runtime.h"

namespace racelab {
namespace {

using testing::HasSubstr;

// A T in memory that forked processes share.
template <typename T>
class Shared {
 public:
  Shared() : value_(new(Map()) T()) {}
  ~Shared() { munmap(const_cast<std::remove_cv_t<T>*>(value_), sizeof(T)); }
  T& operator*() { return *value_; }
  T* operator->() { return value_; }

 private:
  static void* Map() { return mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); }
  T* value_;
};

#if defined(__x86_64__)
constexpr bool kSupported = true;
#else
constexpr bool kSupported = false;
#endif

#define SKIP_WHERE_THERE_ARE_NONE()        \
  if (!kSupported || UnderSecondRuntime()) \
  GTEST_SKIP() << "two processes can only be watched on x86-64, without the second runtime"

// Runs `function`, and returns its first test failure, which does not fail this test; empty if there is none.
std::string FirstFailure(absl::FunctionRef<void()> function) {
  testing::TestPartResultArray failures;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &failures);
    function();
  }
  return failures.size() == 0 ? "" : failures.GetTestPartResult(0).message();
}

TEST(ProcessInterleavings, RunsEachPreemptionOfTheFirst) {
  SKIP_WHERE_THERE_ARE_NONE();
  std::multiset<int> totals;
  ProcessInterleavings([&] {
    Shared<volatile int> total;
    const auto add = [&] { *total = *total + 1; };
    ASSERT_TRUE(RunInProcesses(add, add));
    totals.insert(int{*total});
  });
  // One after the other, in either order (the second order is the stop before the load); and the stop between the load
  // and the store.
  EXPECT_EQ(totals, (std::multiset<int>{1, 2, 2}));
}

TEST(ProcessInterleavings, FindsTheLostUpdateEveryTime) {
  SKIP_WHERE_THERE_ARE_NONE();
  const std::string failure = FirstFailure([] {
    ProcessInterleavings([] {
      Shared<volatile int> total;
      const auto add = [&] { *total = *total + 1; };
      ASSERT_TRUE(RunInProcesses(add, add));
      EXPECT_EQ(*total, 2);
    });
  });
  EXPECT_THAT(failure, HasSubstr("process A stopped before access 2 of 2"));
}

TEST(ProcessInterleavings, FindsThatProcessesShareASlotChosenByTheirNumber) {
  SKIP_WHERE_THERE_ARE_NONE();
  for (const int slots : {2, 3, 64}) {
    const std::string failure = FirstFailure([slots] {
      ProcessInterleavings([slots] {
        struct Totals {
          volatile int of[64];
        };
        Shared<Totals> totals;
        const auto add = [&] {
          volatile int& mine = totals->of[getpid() % slots];
          mine = mine + 1;
        };
        ASSERT_TRUE(RunInProcesses(add, add));
        EXPECT_EQ(std::accumulate(std::begin(totals->of), std::end(totals->of), 0), 2);
      });
    });
    EXPECT_THAT(failure, HasSubstr("process A stopped before access 2 of 2")) << slots;
  }
}

TEST(ProcessInterleavings, FindsNothingWrongWithAnIndivisibleAddition) {
  SKIP_WHERE_THERE_ARE_NONE();
  int runs = 0;
  ProcessInterleavings([&] {
    Shared<std::atomic<int>> total;
    const auto add = [&] { total->fetch_add(1); };
    ASSERT_TRUE(RunInProcesses(add, add));
    EXPECT_EQ(total->load(), 2);
    ++runs;
  });
  EXPECT_EQ(runs, 2);
}

TEST(ProcessInterleavings, LetsAProcessWaitForTheOneThatIsStopped) {
  SKIP_WHERE_THERE_ARE_NONE();
  ProcessInterleavings([] {
    struct Guarded {
      pthread_mutex_t mutex;
      volatile int total;
    };
    Shared<Guarded> shared;
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->mutex, &attributes);
    const auto add = [&] {
      pthread_mutex_lock(&shared->mutex);
      shared->total = shared->total + 1;
      pthread_mutex_unlock(&shared->mutex);
    };
    ASSERT_TRUE(RunInProcesses(add, add));
    EXPECT_EQ(shared->total, 2);
  });
}

TEST(ProcessInterleavings, LetsAProcessPollForTheOneThatIsStopped) {
  SKIP_WHERE_THERE_ARE_NONE();
  ProcessInterleavings([] {
    struct Guarded {
      std::atomic<bool> busy;
      volatile int total;
    };
    Shared<Guarded> shared;
    const auto add = [&] {
      while (shared->busy.exchange(true)) sched_yield();
      shared->total = shared->total + 1;
      shared->busy = false;
    };
    ASSERT_TRUE(RunInProcesses(add, add));
    EXPECT_EQ(shared->total, 2);
  });
}

TEST(ProcessInterleavings, FindsAProcessThatNobodyWakes) {
  SKIP_WHERE_THERE_ARE_NONE();
  const std::string failure = FirstFailure([] {
    ProcessInterleavings([] {
      Shared<pthread_mutex_t> mutex;
      pthread_mutex_init(&*mutex, nullptr);  // Works only for the threads of one process.
      const auto lock = [&] {
        pthread_mutex_lock(&*mutex);
        pthread_mutex_unlock(&*mutex);
      };
      (void)RunInProcesses(lock, lock);
    });
  });
  EXPECT_THAT(failure, HasSubstr("process B sleeps, and nobody is left who could wake it"));
}

TEST(ProcessInterleavings, KillsTheOneThatIsStopped) {
  SKIP_WHERE_THERE_ARE_NONE();
  std::multiset<int> seen;
  ProcessInterleavings(
      [&] {
        Shared<std::atomic<int>> bits;
        ASSERT_TRUE(RunInProcesses([&] { bits->fetch_add(1); }, [&] { bits->fetch_add(2); }));
        seen.insert(bits->load());
      },
      Stopped::kIsKilled);
  // Killed before its only access, or not stopped.
  EXPECT_EQ(seen, (std::multiset<int>{2, 3}));
}

TEST(ProcessInterleavings, TellsOfAProcessThatCrashes) {
  SKIP_WHERE_THERE_ARE_NONE();
  EXPECT_THAT(FirstFailure([] { (void)RunInProcesses([] { _exit(9); }, [] {}); }), HasSubstr("A ended with status 9"));
  const auto crash = [] {
    Shared<volatile int> memory;
    const auto write = [&] {
      *memory = 1;
      volatile int* nowhere = nullptr;
      *nowhere = 1;
    };
    (void)RunInProcesses(write, [] {});
  };
  EXPECT_THAT(FirstFailure([&] { ProcessInterleavings(crash); }), HasSubstr("process A was killed by signal 11"));
}

}  // namespace
}  // namespace racelab
