#include "sanitizers/process/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "sanitizers/process/interrupt.h"
#include "sanitizers/process/output_buffer.h"
#include "sanitizers/process/process_tree.h"
#include "sanitizers/process/supervisor.h"
#include "sanitizers/process/wait_graph.h"

namespace racelab {
namespace {

// Steady, unlike absl::Now: a change of the machine's clock must not end a run.
using Clock = std::chrono::steady_clock;

constexpr absl::Duration kDeadlockSample = absl::Milliseconds(200);

std::string Mebibytes(int64_t bytes) { return absl::StrFormat("%d MiB", bytes >> 20); }

// One run, from its start to the end of every process that it started.
class Run {
 public:
  explicit Run(const ChildSpec& spec) : spec_(spec) {}

  ChildResult Execute() {
    begin_ = Clock::now();
    absl::StatusOr<Supervised> supervised = StartSupervised(spec_);
    if (!supervised.ok()) {
      result_.note = std::string(supervised.status().message());
      return std::move(result_);
    }
    supervised_ = *std::move(supervised);
    const auto tick = absl::ToChronoMilliseconds(spec_.tick);
    Clock::time_point next_tick = begin_ + tick;
    while (!ended_) {
      Wait(next_tick);
      if (ended_ || Clock::now() < next_tick) continue;
      Tick();
      next_tick = Clock::now() + tick;
    }
    BegToEnd();
    const bool exited = result_.end == ChildEnd::kExited || result_.end == ChildEnd::kSignalled;
    if (exited) result_.left_running = AwaitTheRest();
    EndSupervised(supervised_, program_);
    // No process is left that could write: the pipes hold all remaining output.
    ended_ = !exited;  // exceeding the output limit still counts if it shows only now
    ReadOutput(supervised_.out, out_, spec_.on_output);
    ReadOutput(supervised_.err, err_, OnErrorOutput());
    result_.time = absl::FromChrono(Clock::now() - begin_);
    result_.out = out_.Text();
    result_.err = err_.Text();
    return std::move(result_);
  }

 private:
  void Finish(ChildEnd end, std::string note = "") {
    if (ended_) return;
    ended_ = true;
    result_.end = end;
    result_.note = std::move(note);
  }

  // Waits for output, for the end of the program, or until `until`.
  void Wait(Clock::time_point until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    // Do not poll a pipe without writers: poll would return immediately every time. poll ignores -1.
    pollfd files[3] = {{out_open_ ? supervised_.out.get() : -1, POLLIN, 0},
                       {err_open_ ? supervised_.err.get() : -1, POLLIN, 0},
                       {supervised_.messages.get(), POLLIN, 0}};
    const int timeout = static_cast<int>(std::max<int64_t>(left.count(), 0));
    if (poll(files, 3, timeout) <= 0) return;
    if (files[0].revents != 0) out_open_ = ReadOutput(supervised_.out, out_, spec_.on_output);
    if (files[1].revents != 0) err_open_ = ReadOutput(supervised_.err, err_, OnErrorOutput());
    if (files[2].revents != 0) ReadMessage();
  }

  using OnOutput = std::function<void(std::string_view)>;
  const OnOutput& OnErrorOutput() const { return spec_.on_error_output ? spec_.on_error_output : spec_.on_output; }

  // Reads the available bytes, but stops once the output exceeds its limit. Returns whether more may come.
  bool ReadOutput(const Fd& fd, OutputBuffer& buffer, const OnOutput& on_output) {
    char bytes[1 << 16];
    while (OutputBytes() <= spec_.limits.output_bytes) {
      const ssize_t size = read(fd.get(), bytes, sizeof bytes);
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return errno == EAGAIN;
      if (size == 0) return false;
      buffer.Append({bytes, static_cast<size_t>(size)});
      if (on_output) on_output({bytes, static_cast<size_t>(size)});
    }
    Finish(ChildEnd::kOutputLimit, absl::StrCat("printed more than ", Mebibytes(spec_.limits.output_bytes)));
    return true;
  }

  int64_t OutputBytes() const { return out_.total() + err_.total(); }

  void ReadMessage() {
    SupervisorMessage message = {};
    const ssize_t size = read(supervised_.messages.get(), &message, sizeof message);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (size != static_cast<ssize_t>(sizeof message)) {
      Finish(ChildEnd::kNotStarted, absl::StrCat("lost ", spec_.argv[0], ": another process killed its supervisor"));
      return;
    }
    switch (message.kind) {
      case SupervisorMessage::kStarted:
        program_ = message.value;
        return;
      case SupervisorMessage::kNotStarted:
        Finish(ChildEnd::kNotStarted, ExplainNotStarted(spec_, message));
        return;
      case SupervisorMessage::kEnded:
        result_.peak_memory_bytes = std::max(result_.peak_memory_bytes, message.peak_memory_bytes);
        FinishWithStatus(message.value);
        return;
    }
  }

  void FinishWithStatus(int status) {
    if (WIFSIGNALED(status)) {
      result_.signal = WTERMSIG(status);
      Finish(ChildEnd::kSignalled);
    } else {
      result_.exit_code = WEXITSTATUS(status);
      Finish(ChildEnd::kExited);
    }
  }

  void Tick() {
    if (InterruptRequested() || spec_.stop.stop_requested()) return Finish(ChildEnd::kInterrupted, "interrupted");
    const std::vector<pid_t> processes = Descendants(supervised_.supervisor);
    int64_t memory = 0;
    for (pid_t process : processes) memory += ResidentBytes(process);
    result_.peak_memory_bytes = std::max(result_.peak_memory_bytes, memory);
    const Limits& limits = spec_.limits;
    if (static_cast<int>(processes.size()) > limits.processes) {
      return Finish(ChildEnd::kProcessLimit,
                    absl::StrCat("started ", processes.size(), " processes, the limit is ", limits.processes));
    }
    if (memory > limits.memory_bytes) {
      return Finish(ChildEnd::kMemoryLimit, absl::StrCat("took ", Mebibytes(memory), " of memory, the limit is ",
                                                         Mebibytes(limits.memory_bytes)));
    }
    if (absl::FromChrono(Clock::now() - begin_) >= limits.time) {
      // The program that we started must end; its waits explain why it has not ended.
      result_.wait_for = Describe(SampleWaits(program_));
      return Finish(ChildEnd::kTimeLimit, absl::StrFormat("no end after %g s", absl::ToDoubleSeconds(limits.time)));
    }
    if (Clock::now() - last_sample_ < absl::ToChronoNanoseconds(kDeadlockSample)) return;
    last_sample_ = Clock::now();
    LookForDeadlock();
    if (spec_.on_stuck) LookForStuckDescendants(processes);
  }

  // Only in the program that we started: it may itself be watching the processes that it starts.
  void LookForDeadlock() {
    const std::vector<ThreadWait> waits = SampleWaits(program_);
    const std::vector<ThreadWait> stuck = detector_.Observe(waits);
    if (stuck.empty()) return;
    result_.wait_for = LinesOf(stuck, waits);
    const bool is_deadlock = !FindCycle(waits).empty();
    if (spec_.on_stuck) spec_.on_stuck({program_, is_deadlock, ThreadsOf(stuck), result_.wait_for});
    if (is_deadlock) return Finish(ChildEnd::kDeadlock, "deadlock");
    Finish(ChildEnd::kStandstill, "no thread can go on");
  }

  static std::vector<pid_t> ThreadsOf(const std::vector<ThreadWait>& waits) {
    std::vector<pid_t> threads;
    for (const ThreadWait& wait : waits) threads.push_back(wait.thread);
    std::sort(threads.begin(), threads.end());  // in the order of Describe()
    return threads;
  }

  // Describes the threads in `stuck`, numbered by their positions in `waits`.
  static std::vector<std::string> LinesOf(const std::vector<ThreadWait>& stuck, const std::vector<ThreadWait>& waits) {
    const std::vector<std::string> lines = Describe(waits);
    std::vector<std::string> of_stuck;
    for (size_t i = 0; i < waits.size(); ++i) {
      if (std::find(stuck.begin(), stuck.end(), waits[i]) != stuck.end()) of_stuck.push_back(lines[i]);
    }
    return of_stuck;
  }

  void LookForStuckDescendants(const std::vector<pid_t>& processes) {
    std::map<pid_t, DeadlockDetector> still_there;
    for (const pid_t process : processes) {
      if (process == program_) continue;
      DeadlockDetector detector;
      if (const auto known = descendants_.find(process); known != descendants_.end()) detector = known->second;
      const std::vector<ThreadWait> waits = SampleWaits(process);
      if (const std::vector<ThreadWait> stuck = detector.Observe(waits); !stuck.empty()) {
        spec_.on_stuck({process, !FindCycle(waits).empty(), ThreadsOf(stuck), LinesOf(stuck, waits)});
        kill(process, SIGKILL);  // None of its threads could react to a gentler signal.
      } else {
        still_there.emplace(process, std::move(detector));
      }
    }
    descendants_ = std::move(still_there);
  }

  // Waits up to `spec_.grace` for the processes that the program started to end by themselves: a symbolizer, or a
  // daemon that is about to report something. Returns how many processes are left.
  int AwaitTheRest() {
    const Clock::time_point end = Clock::now() + absl::ToChronoNanoseconds(spec_.grace);
    for (;;) {
      const std::vector<pid_t> left = Descendants(supervised_.supervisor);
      const Clock::time_point now = Clock::now();
      if (left.empty() || now >= end || InterruptRequested()) return static_cast<int>(left.size());
      Wait(std::min(end, now + std::chrono::milliseconds(10)));
    }
  }

  // Asks the program to end, and waits up to `spec_.grace`.
  void BegToEnd() {
    if (spec_.grace <= absl::ZeroDuration() || result_.end == ChildEnd::kExited ||
        result_.end == ChildEnd::kSignalled || result_.end == ChildEnd::kNotStarted || program_ <= 0)
      return;
    kill(program_, SIGTERM);
    pollfd ended = {supervised_.messages.get(), POLLIN, 0};
    poll(&ended, 1, static_cast<int>(absl::ToInt64Milliseconds(spec_.grace)));
  }

  const ChildSpec& spec_;
  ChildResult result_;
  Supervised supervised_;
  pid_t program_ = 0;
  OutputBuffer out_, err_;
  bool out_open_ = true, err_open_ = true;
  bool ended_ = false;
  Clock::time_point begin_, last_sample_ = Clock::now();
  DeadlockDetector detector_;                      // of the program
  std::map<pid_t, DeadlockDetector> descendants_;  // of the processes that it started
};

}  // namespace

ChildResult RunChild(const ChildSpec& spec) {
  if (InterruptRequested() || spec.stop.stop_requested()) {
    ChildResult result;
    result.end = ChildEnd::kInterrupted;
    result.note = "interrupted";
    return result;
  }
  return Run(spec).Execute();
}

}  // namespace racelab
