#include "sanitizers/interleave/model/signal.h"

namespace racelab::interleave {

Operation OnSignals(Kind kind, std::uintptr_t address, const SignalWait* wait, const void* pc) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kContent;
  operation.waits = wait != nullptr && wait->waits;
  operation.meets_all = kind == Kind::kSignal;
  operation.size = 1;
  operation.address = address;
  operation.pc = pc;
  operation.expected = reinterpret_cast<std::uintptr_t>(wait);
  return operation;
}

const char* NameOnSignals(Kind kind) {
  switch (kind) {
    case Kind::kSignal:
      return "send signal";
    case Kind::kSignalWait:
      return "wait for signal";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
