#include "sanitizers/interleave/model/semaphore.h"

#include "sanitizers/interleave/signal_delivery.h"

namespace racelab::interleave {

Operation OnSemaphore(Kind kind, std::uintptr_t address, const void* pc, bool timed) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kContent;
  operation.timed = timed;
  operation.size = sizeof(std::uint32_t);
  operation.address = address;
  operation.pc = pc;
  return operation;
}

bool SemaphoreAllows(const Operation& operation) {
  return SemaphoreValue(operation.address) > 0 || IsInterrupted(static_cast<int>(operation.expected));
}

void SettleOnSemaphore(Operation& operation) {
  const bool is_empty = SemaphoreValue(operation.address) == 0;
  if (operation.kind == Kind::kRelease) {
    operation.gives_first = is_empty;
  } else {
    operation.met_owner = is_empty;
    operation.changes = !is_empty ? kContent : operation.timed ? kTime : Aspects{0};
  }
}

const char* NameOnSemaphore(Kind kind) {
  switch (kind) {
    case Kind::kAcquire:
      return "acquire";
    case Kind::kTryAcquire:
      return "try acquire";
    case Kind::kRelease:
      return "release";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
