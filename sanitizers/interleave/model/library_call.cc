#include "sanitizers/interleave/model/library_call.h"

namespace racelab::interleave {

Operation OnLibraryCalls(Kind kind, const void* called, const void* pc) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kContent | kAnnounced;
  operation.size = 1;
  operation.address = kLibraryCalls;
  operation.pc = pc;
  operation.expected = reinterpret_cast<std::uintptr_t>(called);
  return operation;
}

const char* NameOnLibraryCalls(Kind kind) {
  switch (kind) {
    case Kind::kCall:
      return "call";
    case Kind::kReturn:
      return "return from";
    case Kind::kCallBack:
      return "called back by";
    case Kind::kReturnToLibrary:
      return "return to";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
