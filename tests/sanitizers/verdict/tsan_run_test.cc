#include "sanitizers/verdict/tsan_run.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sanitizers/verdict/judge.h"
#include "tests/sanitizers/victims/victims.h"

namespace racelab {
namespace {

using ::testing::HasSubstr;

TEST(ThreadSanitizerOptions, KeepWhatTheUserSetButNotWhatWouldHideReports) {
  const std::string options = ThreadSanitizerOptions("suppressions=/a:halt_on_error=0:exitcode=0:log_path=/tmp/x");
  const auto at = [&options](std::string_view option) { return options.rfind(option); };
  EXPECT_THAT(options, HasSubstr("suppressions=/a"));
  EXPECT_GT(at("halt_on_error=0"), at("halt_on_error=1"));
  EXPECT_GT(at("exitcode=66"), at("exitcode=0:"));
  EXPECT_GT(at("log_path=stderr"), at("log_path=/tmp/x"));
}

// Makes the kernel place libraries where the older runtimes do not expect them, for this thread's children: strong
// randomisation does the same, but only by chance, and needs root.
class CompatLayout {
 public:
  CompatLayout() : before_(personality(0xffffffff)) {
    personality(static_cast<unsigned>(before_) | ADDR_COMPAT_LAYOUT);
  }
  ~CompatLayout() { personality(static_cast<unsigned>(before_)); }

 private:
  int before_;
};

// Sets the machine's vm.mmap_rnd_bits, and restores it.
class RandomisationBits {
 public:
  explicit RandomisationBits(int bits) {
    std::ifstream(kPath) >> before_;
    std::ofstream(kPath) << bits << std::flush;
    int now = 0;
    std::ifstream(kPath) >> now;
    set_ = now == bits;
  }
  ~RandomisationBits() { std::ofstream(kPath) << before_ << std::flush; }
  bool set() const { return set_; }

 private:
  static constexpr const char* kPath = "/proc/sys/vm/mmap_rnd_bits";
  int before_ = 28;
  bool set_ = false;
};

// Forbids personality(2) for this thread and its children, as docker's seccomp profile does.
bool ForbidPersonality() {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_personality, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

// The order of these tests matters: once randomisation has been found to kill programs, all later runs of the process
// are without it.

TEST(Randomisation, IsNamedIfItMayNotBeTurnedOff) {
  std::optional<ChildResult> result;
  std::thread([&result] {
    const CompatLayout layout;
    if (!DiedOfRandomisation(RunChild(Victim("tsan-gcc", "race_free")).err)) return;  // this runtime bears any layout
    if (!ForbidPersonality()) return;
    result = RunUnderThreadSanitizer(Victim("tsan-gcc", "race_free"));
  }).join();
  if (!result.has_value()) GTEST_SKIP() << "this runtime bears any layout, or seccomp is not to be had";
  const Judgement judgement = JudgeRun(ReadTsanRun(*result), nullptr);
  EXPECT_EQ(judgement.verdict, Verdict::kCouldNotStart);
  EXPECT_THAT(judgement.reason, HasSubstr("personality(ADDR_NO_RANDOMIZE): Operation not permitted"));
  EXPECT_THAT(judgement.reason, HasSubstr("sysctl vm.mmap_rnd_bits=28"));
  EXPECT_EQ(TakeFixedAddressesNote(), std::nullopt);
}

TEST(Randomisation, ThatKillsAProgramIsSeenByTheJudge) {
  const CompatLayout layout;
  const ChildResult result = RunChild(Victim("tsan-gcc", "race_free"));
  if (!DiedOfRandomisation(result.err)) GTEST_SKIP() << "this runtime bears any layout";
  EXPECT_EQ(JudgeRun(ReadTsanRun(result), nullptr).verdict, Verdict::kCouldNotStart);
}

TEST(Randomisation, ThatKillsAProgramIsTurnedOffForAllLaterRuns) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can know how strong it is; for others it is turned off from the start";
  {
    const CompatLayout layout;
    if (!DiedOfRandomisation(RunChild(Victim("tsan-gcc", "race_free")).err))
      GTEST_SKIP() << "this runtime bears any layout";
    const ChildResult result = RunUnderThreadSanitizer(Victim("tsan-gcc", "race_free"));
    EXPECT_EQ(JudgeRun(ReadTsanRun(result), nullptr).verdict, Verdict::kClean) << result.err << result.note;
  }
  const std::optional<std::string> note = TakeFixedAddressesNote();
  ASSERT_TRUE(note.has_value());
  EXPECT_THAT(*note, HasSubstr("address-space randomisation"));
  EXPECT_EQ(TakeFixedAddressesNote(), std::nullopt) << "said once";
  // g++'s program now has its mappings at the same addresses in each run.
  ChildSpec maps;
  maps.argv = {"sh", "-c", "grep stack /proc/self/maps"};
  EXPECT_EQ(RunUnderThreadSanitizer(maps).out, RunUnderThreadSanitizer(maps).out);
}

class StrongRandomisation : public testing::TestWithParam<std::string> {
 private:
  MachineSettings settings_{true};
};

TEST_P(StrongRandomisation, IsSurvived) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may set vm.mmap_rnd_bits";
  const RandomisationBits bits(32);
  if (!bits.set()) GTEST_SKIP() << "vm.mmap_rnd_bits cannot be set here, though we are root";
  for (int i = 0; i < 20; ++i) {
    const ChildResult result = RunUnderThreadSanitizer(Victim(GetParam(), "race_free"));
    EXPECT_EQ(JudgeRun(ReadTsanRun(result), nullptr).verdict, Verdict::kClean) << result.err << result.note;
  }
}

RACELAB_FOR_EACH_TREE(StrongRandomisation);

}  // namespace
}  // namespace racelab
