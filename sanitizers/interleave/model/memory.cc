#include "sanitizers/interleave/model/memory.h"

namespace racelab::interleave {

void SettleOnMemory(Operation& operation) {
  operation.changes = Value(operation.address, operation.size) == operation.expected ? kContent : Aspects{0};
}

const char* NameOnMemory(Kind kind) {
  switch (kind) {
    case Kind::kRead:
      return "read";
    case Kind::kWrite:
      return "write";
    case Kind::kLoad:
      return "load";
    case Kind::kStore:
      return "store";
    case Kind::kUpdate:
      return "update";
    case Kind::kCompareExchange:
      return "compare-exchange";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
