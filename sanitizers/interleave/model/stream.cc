#include "sanitizers/interleave/model/stream.h"

namespace racelab::interleave {

Operation OnStream(std::uintptr_t stream, const void* pc) {
  Operation operation;
  operation.kind = Kind::kStream;
  operation.reads = kContent | kOwner;
  operation.changes = kContent;
  operation.size = 1;
  operation.address = stream;
  operation.pc = pc;
  return operation;
}

const char* NameOnStream(Kind kind) { return kind == Kind::kStream ? "use" : nullptr; }

}  // namespace racelab::interleave
