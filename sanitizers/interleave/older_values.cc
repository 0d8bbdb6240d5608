#include "sanitizers/interleave/older_values.h"

#include <algorithm>

#include "sanitizers/interleave/execution.h"

namespace racelab::interleave {
namespace {

constexpr int kSequentialOrder = 5;      // In the compilers' numbering.
constexpr std::size_t kMostStores = 16;  // Kept of an object,
constexpr int kMostChoices = 3;          // and tried by one load.

// Whether the event of `thread` at `time` happens before the running thread's next action.
bool HappensBeforeThis(int thread, std::int32_t time) {
  return thread < 0 || thread == execution.current || execution.happens_before.Covers(execution.current, thread, time);
}

}  // namespace

OlderValues older_values;

void OlderValues::BeginExecution(std::uint64_t most) {
  active = most > 0;
  left_ = most;
  used_ = 0;
  indices_.Forget();
}

void OlderValues::Meet(std::uintptr_t address, std::size_t size, std::uint64_t value) {
  const std::size_t* known = indices_.Find(address);
  if (known != nullptr && objects_[*known].size == size && objects_[*known].stores.back().value == value) return;
  if (known == nullptr) {
    if (used_ == objects_.size()) objects_.emplace_back();
    indices_[address] = used_++;
  }
  Object& object = At(address);
  object.address = address;
  object.size = size;
  object.forgotten = object.sequential = 0;
  object.stores.clear();
  object.looks.clear();
  object.stores.push_back({value, -1, 0, {}});
}

void OlderValues::Stored(std::uintptr_t address, std::uint64_t value, std::int32_t time, int order) {
  Object& object = At(address);
  object.stores.push_back({value, execution.current, time, execution.happens_before.ReleasedAt(address)});
  if (object.stores.size() > kMostStores) {
    object.stores.erase(object.stores.begin());
    ++object.forgotten;
  }
  if (order == kSequentialOrder) object.sequential = object.forgotten + object.stores.size() - 1;
}

int OlderValues::Choices(std::uintptr_t address, int order) {
  if (left_ == 0 || !execution.concurrent() || execution.happens_before.libraries_order) return 1;
  const Object& object = At(address);
  std::size_t oldest = order == kSequentialOrder ? object.sequential : 0;
  for (std::size_t i = object.stores.size(); i > 0; --i) {
    if (!HappensBeforeThis(object.stores[i - 1].thread, object.stores[i - 1].time)) continue;
    oldest = std::max(oldest, object.forgotten + i - 1);
    break;
  }
  for (const Look& look : object.looks) {
    if (HappensBeforeThis(look.thread, look.time)) oldest = std::max(oldest, look.number);
  }
  oldest = std::max(oldest, object.forgotten);
  return std::min(static_cast<int>(object.forgotten + object.stores.size() - oldest), kMostChoices);
}

std::uint64_t OlderValues::Loaded(std::uintptr_t address, int older, int order) {
  Object& object = At(address);
  const std::size_t number = object.forgotten + object.stores.size() - 1 - static_cast<std::size_t>(older);
  const Look look = {number, execution.current, execution.happens_before.TimeOf(execution.current)};
  if (order == kSequentialOrder) object.sequential = std::max(object.sequential, number);
  const auto known = std::find_if(object.looks.begin(), object.looks.end(), [&](const Look& other) {
    return other.thread == look.thread && other.number == look.number;
  });
  if (known == object.looks.end()) object.looks.push_back(look);
  if (older > 0) --left_;
  return object.stores[number - object.forgotten].value;
}

const VectorClock& OlderValues::ReleasedBy(std::uintptr_t address, int older) {
  const Object& object = At(address);
  return object.stores[object.stores.size() - 1 - static_cast<std::size_t>(older)].released;
}

void OlderValues::Fence(int order) {
  if (order == kSequentialOrder) left_ = 0;
}

void OlderValues::Forget(std::uintptr_t address, std::size_t size) {
  for (std::size_t i = 0; i < used_; ++i) {
    if (objects_[i].address - address < size) objects_[i].size = 0;
  }
}

}  // namespace racelab::interleave
