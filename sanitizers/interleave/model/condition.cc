#include "sanitizers/interleave/model/condition.h"

namespace racelab::interleave {

Operation OnCondition(Kind kind, std::uintptr_t address, const void* pc) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kQueue;
  operation.size = 1;
  operation.address = address;
  operation.pc = pc;
  return operation;
}

const char* NameOnCondition(Kind kind) {
  switch (kind) {
    case Kind::kWait:
      return "wait";
    case Kind::kTimeout:
      return "time out";
    case Kind::kSpuriousWakeUp:
      return "wake up without cause";
    case Kind::kNotify:
      return "notify";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
