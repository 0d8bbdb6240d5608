#include "sanitizers/interleave/model/futex.h"

namespace racelab::interleave {

Operation OnFutexWait(std::uintptr_t address, std::uint32_t value, const void* pc) {
  Operation operation;
  operation.kind = Kind::kFutexWait;
  operation.reads = kContent | kQueue;
  operation.changes = kQueue;
  operation.size = sizeof value;
  operation.address = address;
  operation.pc = pc;
  operation.expected = value;
  return operation;
}

Operation AsleepOnFutex(const Operation& wait, bool timed) {
  Operation operation = wait;
  operation.reads = kQueue;
  if (timed) {
    operation.kind = Kind::kTimeout;
    operation.changes |= kTime;
  }
  return operation;
}

Operation OnFutexWake(std::uintptr_t address, const void* pc) {
  Operation operation;
  operation.kind = Kind::kFutexWake;
  operation.reads = operation.changes = kQueue;
  operation.size = sizeof(std::uint32_t);
  operation.address = address;
  operation.pc = pc;
  return operation;
}

const char* NameOnFutex(Kind kind) {
  switch (kind) {
    case Kind::kFutexWait:
      return "sleep on";
    case Kind::kFutexWake:
      return "wake";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
