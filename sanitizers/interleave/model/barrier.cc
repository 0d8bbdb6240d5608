#include "sanitizers/interleave/model/barrier.h"

namespace racelab::interleave {

Operation OnBarrier(std::uintptr_t address, const void* pc) {
  Operation operation;
  operation.kind = Kind::kBarrier;
  operation.reads = operation.changes = kQueue;
  operation.size = 1;
  operation.address = address;
  operation.pc = pc;
  return operation;
}

const char* NameOnBarrier(Kind kind) { return kind == Kind::kBarrier ? "arrive" : nullptr; }

}  // namespace racelab::interleave
