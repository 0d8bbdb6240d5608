#include "sanitizers/interleave/model/descriptor.h"

#include "sanitizers/interleave/descriptors.h"
#include "sanitizers/interleave/signal_delivery.h"
#include "sanitizers/interleave/system_call.h"

namespace racelab::interleave {
namespace {

constexpr int kMomentInMilliseconds = 2;

const DescriptorWait& WaitOf(const Operation& operation) {
  return *reinterpret_cast<const DescriptorWait*>(operation.expected);
}

}  // namespace

Operation OnDescriptor(Kind kind, std::uintptr_t address, const DescriptorWait& wait, const void* pc,
                       std::uint32_t size) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kContent;
  operation.waits = wait.waits && kind != Kind::kDescriptorPoll;
  operation.size = size;
  operation.address = address;
  operation.pc = pc;
  operation.expected = reinterpret_cast<std::uintptr_t>(&wait);
  return operation;
}

bool DescriptorsAllow(const Operation& operation) {
  const DescriptorWait& wait = WaitOf(operation);
  if (!wait.waits || IsInterrupted(wait.thread) || Poll(wait.descriptors, wait.count) != 0) return true;
  if (!wait.slow) return false;
  return SystemCall(SYS_poll, AsArgument(wait.descriptors), static_cast<long>(wait.count), kMomentInMilliseconds) != 0;
}

void SettleOnDescriptor(Operation& operation) {
  const int other_end = FindDescriptor(WaitOf(operation).descriptors->fd).other_end;
  pollfd one = {other_end, static_cast<short>(operation.kind == Kind::kDescriptorWrite ? POLLIN : POLLOUT), 0};
  operation.gives_first = other_end >= 0 && Poll(&one, 1) == 0;
}

const char* NameOnDescriptor(Kind kind) {
  switch (kind) {
    case Kind::kDescriptorRead:
      return "read from";
    case Kind::kDescriptorWrite:
      return "write to";
    case Kind::kDescriptorPoll:
      return "poll";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
