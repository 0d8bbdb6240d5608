// Steps on objects of every sort that a variable can lead to; each program fails, so that its steps are shown:
//   names member

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "tests/sanitizers/explored/run_named.h"

namespace racelab {
namespace {

enum class Door : std::uint8_t { kOpen = 1, kShut = 2 };

std::atomic<int> g_total = 0;

struct Counted {
  static inline std::atomic<int> count_ = 0;
};

class Base {
 public:
  void Ring() { bell_ = true; }

 private:
  std::atomic<bool> bell_ = false;
};

struct Limits {
  int unused = 0;
  std::atomic<std::int64_t> lowest{-1};
};

struct Node {
  Node* left = nullptr;
  std::atomic<Node*> next = nullptr;
};

class Account {
 public:
  explicit Account(int balance) : balance_(balance) {}
  void Withdraw(int amount) {
    std::lock_guard lock(mutex_);
    balance_ -= amount;
  }
  int MoveTo(Account& target, int amount) {
    Withdraw(amount);
    target.Withdraw(-amount);
    return amount;
  }

 private:
  std::mutex mutex_;
  int balance_;
};

// Both threads change the second member, which is in the same granule as the first.
class Steps {
 public:
  void Race() {
    std::thread other([this] { ++latest_; });
    ++latest_;
    other.join();
  }

 private:
  [[maybe_unused]] std::int16_t first_ = 0;
  std::int16_t latest_ = 0;
};

// The second thread writes to bit fields of two memory locations: the third field does not fit into the location of the
// first.
class Lift {
 public:
  void Race() {
    std::thread other([this] {
      open_ = true;
      floor_ = -2;
      alarm_ = 1;
    });
    door_ = Door::kShut;
    alarm_ = 0;
    other.join();
    std::abort();
  }

 private:
  [[maybe_unused]] char first_ = 0;
  bool open_ : 1 = false;
  Door door_ : 2 = Door::kOpen;
  signed char floor_ : 4 = -1;
  unsigned char : 0;
  unsigned char alarm_ : 1 = 0;
};

// The second thread writes to memory that the first has freed.
void Freed() {
  auto* limits = new Limits;
  std::thread other([limits] { limits->unused = 1; });
  delete limits;
  other.join();
}

class Everything : public Base {
 public:
  void Use() {
    slots_[2] = 5;
    array_[1] = 6;
    limits_.lowest = -7;
    door_ = Door::kShut;
    more_[1].lowest = -8;
    owned_->lowest = -9;
    absl::MutexLock lock(&absl_mutex_);
    std::lock_guard guard(mutex_);
    condition_.notify_one();
  }
  void Push(Node* node) {
    Node* other = node;
    other->next = nullptr;
  }

 private:
  std::atomic<int> slots_[4] = {};
  std::array<std::atomic<int>, 3> array_ = {};
  Limits limits_;
  std::atomic<Door> door_ = Door::kOpen;
  std::vector<Limits> more_{3};
  std::unique_ptr<Limits> owned_ = std::make_unique<Limits>();
  absl::Mutex absl_mutex_;
  std::mutex mutex_;
  std::condition_variable condition_;
};

// Runs `function` concurrently with another thread, so that its operations are steps; then fails.
void Show(const std::function<void()>& function) {
  std::atomic<bool> done = false;
  std::thread other([&done] { done = true; });
  std::thread thread(function);
  thread.join();
  other.join();
  std::abort();
}

void TwoAccounts() {
  Account rich(10);
  Account poor(0);
  Show([&] { rich.MoveTo(poor, 3); });
}

// Both calls of Withdraw() are at one place, so no function has different names for the two accounts.
void TwoOfAList() {
  Account* accounts[] = {new Account(1), new Account(2)};
  Account** begin = accounts;
  Show([begin] {
    for (int i = 0; i < 2; ++i) begin[i]->Withdraw(1);
  });
}

void Local() {
  std::atomic<int> total = 0;
  Show([&total] { total = 3; });
}

void Copied() {
  auto total = std::make_shared<std::atomic<int>>(0);
  Show([total] { total->store(3); });
}

struct Bell {
  virtual ~Bell() { Ring(); }  // In an empty destructor, clang omits the write.
  virtual void Ring() {}
};

struct LoudBell : Bell {
  void Ring() override {}
};

// The second thread calls a virtual function of a bell that is being destroyed.
void Destroyed() {
  auto bell = std::make_unique<LoudBell>();
  std::thread ringing([&bell = *bell] { bell.Ring(); });
  bell->~LoudBell();
  ringing.join();
  new (bell.release()) LoudBell;
}

Node* Cleared(Node* nodes, int number) {
  nodes[1].next = nullptr;
  return &nodes[number];
}

// When Cleared() runs for the second time, the place of `node` contains what the first call left there.
void ClearBoth(Node* nodes) {
  for (int number = 1; number >= 0; --number) {
    Node* node = Cleared(nodes, number);
    node->left = nullptr;
  }
}

absl::Span<const NamedProgram> Programs() {
  static constexpr NamedProgram programs[] = {
      {"global", [] { Show([] { g_total = 4; }); }},
      {"static_member", [] { Show([] { Counted::count_ = 4; }); }},
      {"members",
       [] {
         Everything everything;
         Show([&] { everything.Use(); });
       }},
      {"base",
       [] {
         Everything everything;
         Show([&] { everything.Ring(); });
       }},
      {"node",
       [] {
         Everything everything;
         auto* node = new Node;
         Show([&] { everything.Push(node); });
       }},
      {"two_accounts", TwoAccounts},
      {"two_of_a_list", TwoOfAList},
      {"local", Local},
      {"copied", Copied},
      {"race",
       [] {
         auto steps = std::make_unique<Steps>();
         steps->Race();
       }},
      {"bit_fields",
       [] {
         auto lift = std::make_unique<Lift>();
         lift->Race();
       }},
      {"destroyed", Destroyed},
      {"freed", Freed},
      {"stale",
       [] {
         auto* nodes = new Node[2];
         Show([nodes] { ClearBoth(nodes); });
       }},
  };
  return programs;
}

}  // namespace
}  // namespace racelab

int main(int argc, char** argv) { return RunNamed(racelab::Programs(), argc, argv); }
