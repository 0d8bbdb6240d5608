#include "sanitizers/interleave/model/once.h"

namespace racelab::interleave {

Operation OnOnce(Kind kind, std::uintptr_t address, const void* pc) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kOwner;
  if (kind == Kind::kOnceLeave) {  // Other threads may read the flag without entering.
    operation.reads |= kContent;
    operation.changes |= kContent;
  }
  operation.size = 1;
  operation.address = address;
  operation.pc = pc;
  return operation;
}

const char* NameOnOnce(Kind kind) {
  switch (kind) {
    case Kind::kOnceEnter:
      return "enter once";
    case Kind::kOnceLeave:
      return "leave once";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
