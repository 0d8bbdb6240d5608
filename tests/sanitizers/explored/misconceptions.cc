// Programs with a bug that rests on a common misunderstanding. `misconceptions NAME` runs one of them.

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "tests/sanitizers/explored/run_named.h"

namespace {

class Till {
 public:
  void Record() {
    const std::lock_guard lock(mutex_);
    ++total_;
  }
  int Total() { return total_; }  // Reading is harmless, isn't it?
  void RecordElsewhere() {
    const std::lock_guard lock(other_mutex_);
    ++total_;
  }
  void RecordShared() {
    const std::shared_lock lock(table_);
    ++total_;
  }
  void RecordWithout() { ++total_; }
  void RecordAtomically() { count_.fetch_add(1); }
  int CountPlainly() { return reinterpret_cast<int&>(count_); }
  void TakeLast() {
    if (!IsEmpty()) {
      const std::lock_guard lock(mutex_);
      if (total_ == 0) std::abort();
      --total_;
    }
  }
  void TakeInTwo() {
    bool has_one;
    {
      const std::lock_guard lock(mutex_);
      has_one = total_ > 0;
    }
    if (!has_one) return;
    const std::lock_guard lock(mutex_);
    if (total_ == 0) std::abort();
    --total_;
  }
  void Open() {
    open_.store(true);
    opened_.notify_one();
  }
  void OpenAfterNotifying() {
    opened_.notify_all();
    open_.store(true);
  }
  void AwaitOpen() {
    std::unique_lock lock(mutex_);
    while (!open_.load()) opened_.wait(lock);
  }
  void OpenUnderLock() {
    const std::lock_guard lock(mutex_);
    open_.store(true);
    opened_.notify_one();
  }
  void AwaitOpenOnce() {
    std::unique_lock lock(mutex_);
    if (!open_.load()) opened_.wait(lock);
  }
  void AwaitOnce() {
    AwaitOpenOnce();
    if (!open_.load()) std::abort();
  }
  void Publish() {
    total_ = 1;
    open_.store(true, std::memory_order_relaxed);
  }
  void ReadPublished() {
    if (!open_.load(std::memory_order_relaxed)) return;
    if (total_ == 7) std::abort();
  }
  void TakeAtomically() {
    if (count_.load() == 0) return;
    if (count_.fetch_sub(1) == 0) std::abort();
  }

 private:
  bool IsEmpty() {
    const std::lock_guard lock(mutex_);
    return total_ == 0;
  }

  std::mutex mutex_, other_mutex_;
  std::shared_mutex table_;
  std::condition_variable opened_;
  int total_ = 0;
  std::atomic<int> count_ = 0;
  std::atomic<bool> open_ = false;
};

class Ticker {
 public:
  Ticker() : thread_([this] { Run(); }) { limit_ = 3; }
  ~Ticker() { thread_.join(); }

 private:
  void Run() {
    if (limit_ == 7) std::abort();
  }
  int limit_ = 0;
  std::thread thread_;
};

struct Tariff {
  Tariff() { price = 3; }
  int price = 0;
};

// A critical section that another thread may enter during the wait.
class Valve {
 public:
  void Open() {
    {
      std::lock_guard lock(mutex_);
      open_ = true;
    }
    opened_.notify_one();
  }
  void AwaitOpen() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
    std::abort();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

Till* till;

void Both(void (Till::*one)(), void (Till::*other)()) {
  std::thread first([one] { (till->*one)(); }), second([other] { (till->*other)(); });
  first.join();
  second.join();
}

void Read() {
  std::thread writer([] { till->Record(); });
  till->Total();
  writer.join();
}
void TwoMutexes() { Both(&Till::Record, &Till::RecordElsewhere); }
void Shared() { Both(&Till::RecordShared, &Till::RecordShared); }
void Neither() { Both(&Till::RecordWithout, &Till::RecordWithout); }
void HalfAtomic() {
  std::thread writer([] { till->RecordAtomically(); });
  till->CountPlainly();
  writer.join();
}
void CheckThenAct() {
  till->Record();
  Both(&Till::TakeInTwo, &Till::TakeInTwo);
}
void LostNotification() { Both(&Till::Open, &Till::AwaitOpen); }
void EarlyNotification() { Both(&Till::OpenAfterNotifying, &Till::AwaitOpen); }
void OneNotification() {
  std::thread opener([] { till->OpenUnderLock(); });
  Both(&Till::AwaitOpen, &Till::AwaitOpen);
  opener.join();
}
void WaitWithoutLoop() { Both(&Till::OpenUnderLock, &Till::AwaitOnce); }
void WeakOrder() { Both(&Till::Publish, &Till::ReadPublished); }
void EarlyAndWeak() {
  std::atomic<const Tariff*> published = nullptr;
  std::thread reader([&published] {
    const Tariff* const found = published.load(std::memory_order_relaxed);
    if (found != nullptr && found->price == 7) std::abort();
  });
  const Tariff tariff;
  published.store(&tariff, std::memory_order_relaxed);
  reader.join();
}
void LoadAndChange() {
  till->RecordAtomically();
  Both(&Till::TakeAtomically, &Till::TakeAtomically);
}
// Dekker's mutual exclusion, with memory orders that are too weak.
class Booth {
 public:
  bool EnterAlone(int me) {
    inside_[me].store(true, std::memory_order_release);
    return !inside_[1 - me].load(std::memory_order_acquire);
  }

 private:
  std::atomic<bool> inside_[2] = {false, false};
};
void OlderValue() {
  Booth booth;
  bool other_is_alone = false;
  std::thread other([&] { other_is_alone = booth.EnterAlone(1); });
  const bool is_alone = booth.EnterAlone(0);
  other.join();
  if (is_alone && other_is_alone) std::abort();
}

struct Parcel {
  std::atomic<int> owners = 2;
  int weight = 5;

  void DropByRelease() {
    if (owners.fetch_sub(1, std::memory_order_release) == 1) delete this;
  }
  void Weigh() {
    if (weight == 0) std::abort();
  }
  void Discard() { delete this; }
};
void ReleasedOnly() {
  auto* const parcel = new Parcel;
  std::thread other([parcel] { parcel->DropByRelease(); });
  parcel->DropByRelease();
  other.join();
}
void FreedByChance() {
  auto* const parcel = new Parcel;
  std::thread other([parcel] { parcel->Discard(); });
  parcel->Weigh();
  other.join();
}
void StartedTooEarly() { Ticker ticker; }
void WaitsAndActs() {
  Valve valve;
  std::thread waiting([&valve] { valve.AwaitOpen(); });
  valve.Open();
  waiting.join();
}

constexpr NamedProgram kPrograms[] = {{"reader_without_lock", Read},
                                      {"two_mutexes", TwoMutexes},
                                      {"shared", Shared},
                                      {"neither", Neither},
                                      {"half_atomic", HalfAtomic},
                                      {"check_then_act", CheckThenAct},
                                      {"lost_notification", LostNotification},
                                      {"early_notification", EarlyNotification},
                                      {"one_notification", OneNotification},
                                      {"wait_without_loop", WaitWithoutLoop},
                                      {"weak_order", WeakOrder},
                                      {"early_and_weak", EarlyAndWeak},
                                      {"load_and_change", LoadAndChange},
                                      {"waits_and_acts", WaitsAndActs},
                                      {"older_value", OlderValue},
                                      {"released_only", ReleasedOnly},
                                      {"freed_by_chance", FreedByChance},
                                      {"started_too_early", StartedTooEarly}};

}  // namespace

int main(int argc, char** argv) {
  Till here;
  till = &here;
  return RunNamed(kPrograms, argc, argv);
}
