#include "sanitizers/interleave/model/primitives.h"

#include "sanitizers/interleave/model/block_reuse.h"
#include "sanitizers/interleave/model/descriptor.h"
#include "sanitizers/interleave/model/futex.h"
#include "sanitizers/interleave/model/library_call.h"
#include "sanitizers/interleave/model/memory.h"
#include "sanitizers/interleave/model/once.h"
#include "sanitizers/interleave/model/semaphore.h"
#include "sanitizers/interleave/model/signal.h"
#include "sanitizers/interleave/model/stream.h"

namespace racelab::interleave {
namespace {

// Operations on threads and the process (execution.h).
const char* NameOnThreads(Kind kind) {
  switch (kind) {
    case Kind::kNone:
      return "start";
    case Kind::kJoin:
      return "join";
    case Kind::kCancel:
      return "cancel";
    case Kind::kYield:
      return "yield";
    case Kind::kSleep:
      return "sleep";
    case Kind::kReadClock:
      return "read the clock";
    case Kind::kExit:
      return "exit";
    case Kind::kFail:
      return "fail";
    case Kind::kChoice:
      return "choose";
    case Kind::kNote:
      return "note";
    default:
      return nullptr;
  }
}

}  // namespace

void Primitives::Forget() {
  locks.Forget();
  conditions.Forget();
  futexes.Forget();
  barriers.Forget();
  objects.Forget();
}

bool Primitives::Possible(const Operation& operation) {
  switch (operation.kind) {
    case Kind::kLock:
    case Kind::kLockShared:
    case Kind::kOnceEnter:
    case Kind::kStream:
      return locks.Possible(operation);
    case Kind::kAcquire:
      return SemaphoreAllows(operation);
    case Kind::kDescriptorRead:
    case Kind::kDescriptorWrite:
    case Kind::kDescriptorPoll:
      return DescriptorsAllow(operation);
    case Kind::kSignalWait:
      return SignalsAllow(operation);
    case Kind::kJoin:
      return false;  // Execution::Finish() of the joined thread lets the joiner continue.
    default:
      return true;
  }
}

void Primitives::Settle(Operation& operation) {
  if (operation.compares) SettleOnMemory(operation);
  switch (operation.kind) {
    case Kind::kTryLock:
    case Kind::kTryLockShared:
    case Kind::kLockShared:
    case Kind::kQueueForLock:
      locks.Settle(operation);
      break;
    case Kind::kTryAcquire:
    case Kind::kRelease:
      SettleOnSemaphore(operation);
      break;
    case Kind::kDescriptorRead:
    case Kind::kDescriptorWrite:
      SettleOnDescriptor(operation);
      break;
    default:
      break;
  }
}

void Primitives::ForgetObjects(std::uintptr_t address, std::size_t size) {
  objects.ForEachIn(address, size, [this](std::uintptr_t object) {
    locks[object] = {};
    conditions[object] = {};
    barriers[object] = {};
  });
}

const char* Name(Kind kind) {
  for (const auto name_on :
       {NameOnMemory, NameOnLock, NameOnOnce, NameOnCondition, NameOnFutex, NameOnSemaphore, NameOnBarrier,
        NameOnDescriptor, NameOnStream, NameOnSignals, NameOnBlocks, NameOnLibraryCalls, NameOnThreads}) {
    if (const char* name = name_on(kind)) return name;
  }
  return "?";
}

}  // namespace racelab::interleave
