#include "tests/sanitizers/interleave/core/small_program.h"

#include <algorithm>

#include "sanitizers/interleave/model/semaphore.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostInterleavings = 1'000;  // Of one small program.

std::uintptr_t AddressOf(const void* object) { return reinterpret_cast<std::uintptr_t>(object); }

bool IsPreemption(ThreadSet enabled, int running, int chosen) {
  return running < kMaxThreads && running != chosen && (enabled >> running & 1) != 0;
}

void AddAll(const SmallProgram& program, const std::vector<int>& done, int preemptions, int most,
            std::vector<Ran>& found) {
  if (found.size() > kMostInterleavings) return;
  Machine machine(program);
  int running = kMaxThreads;
  ThreadSet enabled = machine.Settle();
  for (const int thread : done) {
    machine.Take(thread);
    running = thread;
    enabled = machine.Settle();
  }
  if (enabled == 0) {
    Ran ran;
    ran.schedule = done;
    ran.trace = machine.Trace();
    ran.outcome = machine.Outcome();
    ran.complete = true;
    ran.stuck = !machine.all_have_finished();
    ran.preemptions = preemptions;
    found.push_back(ran);
  }
  for (ThreadSet rest = enabled; rest != 0; rest &= rest - 1) {
    const int thread = Lowest(rest);
    const int now = preemptions + IsPreemption(enabled, running, thread);
    if (most >= 0 && now > most) continue;
    std::vector<int> more = done;
    more.push_back(thread);
    AddAll(program, more, now, most, found);
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Instruction& instruction) {
  static const char* const kNames[] = {"read",        "write",         "lock",    "unlock",  "try_lock",
                                       "lock_shared", "unlock_shared", "acquire", "release", "choose"};
  return out << kNames[static_cast<int>(instruction.act)] << ' ' << instruction.object;
}

Machine::Machine(const SmallProgram& program)
    : program_(program), at_(program.size()), not_got_(program.size()), outcome_(program.size()) {
  for (std::size_t i = 0; i < program.size(); ++i) pointers_[i] = &operations_[i];
  std::fill(std::begin(memory_), std::end(memory_), 0);
  std::fill(std::begin(semaphores_), std::end(semaphores_), 0);
}

Operation Machine::Make(const Instruction& instruction) {
  const int i = instruction.object;
  Operation operation;
  switch (instruction.act) {
    case Act::kRead:
    case Act::kWrite:
      operation.kind = instruction.act == Act::kRead ? Kind::kLoad : Kind::kStore;
      operation.reads = kContent;
      operation.changes = instruction.act == Act::kRead ? Aspects{0} : kContent;
      operation.size = sizeof memory_[i];
      operation.address = AddressOf(&memory_[i]);
      return operation;
    case Act::kLock:
      return OnLock(Kind::kLock, AddressOf(&locks_[i]), nullptr);
    case Act::kUnlock:
      return OnLock(Kind::kUnlock, AddressOf(&locks_[i]), nullptr);
    case Act::kTryLock:
      return OnLock(Kind::kTryLock, AddressOf(&locks_[i]), nullptr);
    case Act::kLockShared:
      return OnLock(Kind::kLockShared, AddressOf(&locks_[i]), nullptr);
    case Act::kUnlockShared:
      return OnLock(Kind::kUnlockShared, AddressOf(&locks_[i]), nullptr);
    case Act::kAcquire:
      return OnSemaphore(Kind::kAcquire, AddressOf(&semaphores_[2 * i]), nullptr);
    case Act::kRelease:
      return OnSemaphore(Kind::kRelease, AddressOf(&semaphores_[2 * i]), nullptr);
    case Act::kChoose:
      operation.kind = Kind::kChoice;
      return operation;
  }
  return operation;
}

void Machine::SkipWhatIsNothing(int thread) {
  while (!has_finished(thread) && next(thread).act == Act::kUnlock && not_got_[thread].erase(next(thread).object) > 0)
    ++at_[thread];
}

ThreadSet Machine::Settle() {
  ThreadSet enabled = 0;
  for (std::size_t t = 0; t < program_.size(); ++t) {
    const int thread = static_cast<int>(t);
    SkipWhatIsNothing(thread);
    if (has_finished(thread)) continue;
    operations_[t] = Make(next(thread));
    if (!primitives_.Possible(operations_[t])) continue;
    if (IsConditional(operations_[t])) primitives_.Settle(operations_[t]);
    enabled |= Only(thread);
  }
  return enabled;
}

bool Machine::all_have_finished() const {
  for (std::size_t t = 0; t < program_.size(); ++t) {
    if (!has_finished(static_cast<int>(t))) return false;
  }
  return true;
}

void Machine::Take(int thread, int value) {
  const Instruction instruction = next(thread);
  const int i = instruction.object;
  const Operation& operation = operations_[thread];
  Lock& lock = primitives_.locks[AddressOf(&locks_[i % kObjects])];
  switch (instruction.act) {
    case Act::kRead:
      outcome_[thread] += std::to_string(memory_[i]) + ' ';
      break;
    case Act::kWrite:
      memory_[i] = 100 * memory_[i] + 10 * static_cast<unsigned>(thread) + at_[thread] + 1;
      break;
    case Act::kLock:
      lock.Own(thread);
      break;
    case Act::kUnlock:
      lock.LetGo();
      break;
    case Act::kTryLock:
      if (lock.IsHeld()) {
        not_got_[thread].insert(i);
        outcome_[thread] += "not got ";
      } else {
        lock.Own(thread);
        outcome_[thread] += "got ";
      }
      break;
    case Act::kLockShared:
      lock.readers |= Only(thread);
      break;
    case Act::kUnlockShared:
      lock.readers &= ~Only(thread);
      break;
    case Act::kAcquire:
      --semaphores_[2 * i];
      break;
    case Act::kRelease:
      ++semaphores_[2 * i];
      break;
    case Act::kChoose:
      outcome_[thread] += "chose " + std::to_string(value) + ' ';
      break;
  }
  done_.push_back({thread, static_cast<int>(at_[thread]), operation});
  ++at_[thread];
}

std::string Machine::Trace() const {
  // Foata's normal form: each event is in the first layer after all events that it depends on.
  std::vector<std::size_t> layer(done_.size());
  std::size_t layers = 0;
  for (std::size_t i = 0; i < done_.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const bool depends = done_[k].thread == done_[i].thread || Conflict(done_[k].operation, done_[i].operation);
      if (depends) layer[i] = std::max(layer[i], layer[k] + 1);
    }
    layers = std::max(layers, layer[i] + 1);
  }
  std::string trace;
  for (std::size_t wanted = 0; wanted < layers; ++wanted) {
    std::vector<std::string> events;
    for (std::size_t i = 0; i < done_.size(); ++i) {
      if (layer[i] == wanted)
        events.push_back(std::to_string(done_[i].thread) + '.' + std::to_string(done_[i].index) + ' ');
    }
    std::sort(events.begin(), events.end());
    for (const std::string& event : events) trace += event;
    trace += '|';
  }
  return trace + Outcome();
}

std::string Machine::Outcome() const {
  std::string all;
  for (const std::string& outcome : outcome_) all += outcome + '/';
  return all;
}

Ran RunOnce(const SmallProgram& program, Search& search, std::size_t steps) {
  Machine machine(program);
  search.BeginExecution();
  for (std::size_t t = 1; t < program.size(); ++t) search.Order(0, static_cast<int>(t));
  Ran ran;
  ran.complete = machine.Settle() == 0;
  int running = kMaxThreads;
  for (; !ran.complete && steps > 0; --steps) {
    const ThreadSet enabled = machine.Settle();
    const int chosen = search.Choose({enabled, enabled, 0}, running, machine.pending());
    if (chosen < 0) {
      for (std::size_t t = 0; t < program.size(); ++t) {
        const int thread = static_cast<int>(t);
        if (!machine.has_finished(thread) && (enabled >> t & 1) == 0) search.NotePending(thread, *machine.pending()[t]);
      }
      break;
    }
    const Instruction& instruction = machine.next(chosen);
    int value = 0;
    if (instruction.act == Act::kChoose) {
      value = search.ChooseValue(chosen, instruction.object);
      if (value < 0) break;
    }
    machine.Take(chosen, value);
    running = chosen;
    ran.complete = machine.Settle() == 0;
  }
  ran.stuck = ran.complete && !machine.all_have_finished();
  for (std::size_t t = 0; ran.stuck && t < program.size(); ++t) {
    const int thread = static_cast<int>(t);
    if (!machine.has_finished(thread)) search.NotePending(thread, *machine.pending()[t]);
  }
  for (const std::uint8_t digit : search.Schedule()) ran.schedule.push_back(digit);
  ran.trace = machine.Trace();
  ran.outcome = machine.Outcome();
  ran.mine = search.IsMine();
  ran.preemptions = search.preemptions();
  return ran;
}

std::vector<Ran> RunAll(const SmallProgram& program, const SearchOptions& options) {
  std::vector<Ran> all;
  Search search;
  search.Begin(options);
  do {
    all.push_back(RunOnce(program, search));
  } while (search.Advance());
  return all;
}

std::vector<Ran> AllInterleavings(const SmallProgram& program, int most_preemptions) {
  std::vector<Ran> found;
  AddAll(program, {}, 0, most_preemptions, found);
  return found;
}

rc::Gen<SmallProgram> SmallPrograms() {
  using Group = std::vector<Instruction>;  // Instructions that must stay together.
  const auto object = rc::gen::inRange(0, 2);
  const auto access = rc::gen::map(rc::gen::pair(rc::gen::element(Act::kRead, Act::kWrite), object),
                                   [](const auto& pair) { return Instruction{pair.first, pair.second}; });
  const auto single = rc::gen::map(access, [](const Instruction& instruction) { return Group{instruction}; });
  const auto held = rc::gen::map(
      rc::gen::tuple(rc::gen::element(Act::kLock, Act::kTryLock, Act::kLockShared), object, access), [](const auto& t) {
        const auto& [act, lock, inside] = t;
        return Group{{act, lock}, inside, {act == Act::kLockShared ? Act::kUnlockShared : Act::kUnlock, lock}};
      });
  const auto semaphore = rc::gen::map(rc::gen::pair(rc::gen::element(Act::kAcquire, Act::kRelease), object),
                                      [](const auto& pair) { return Group{{pair.first, pair.second}}; });
  const auto group = rc::gen::weightedOneOf<Group>({{4, single}, {3, held}, {2, semaphore}});
  const auto thread = rc::gen::map(
      rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, 3),
                      [group](std::size_t groups) { return rc::gen::container<std::vector<Group>>(groups, group); }),
      [](const std::vector<Group>& groups) {
        Group all;
        for (const Group& group : groups) all.insert(all.end(), group.begin(), group.end());
        return all;
      });
  return rc::gen::suchThat(
      rc::gen::mapcat(rc::gen::inRange<std::size_t>(2, 4),
                      [thread](std::size_t threads) { return rc::gen::container<SmallProgram>(threads, thread); }),
      [](const SmallProgram& program) { return AllInterleavings(program).size() <= kMostInterleavings; });
}

}  // namespace racelab::interleave
