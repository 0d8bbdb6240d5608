#include "sanitizers/interleave/model/lock.h"

namespace racelab::interleave {
namespace {

bool IsFree(const Lock& lock, bool shared) {
  return lock.owner < 0 && (shared ? lock.queued_writers == 0 : lock.readers == 0);
}

}  // namespace

bool Locks::Possible(const Operation& operation) {
  const Lock* lock = Find(operation.address);
  return lock == nullptr || IsFree(*lock, operation.kind == Kind::kLockShared);
}

void Locks::Settle(Operation& operation) {
  const bool shared = operation.kind == Kind::kTryLockShared || operation.kind == Kind::kLockShared;
  const Lock* lock = Find(operation.address);
  operation.met_owner = lock != nullptr && lock->owner >= 0;
  operation.met_readers = lock != nullptr && lock->readers != 0;
  if (!IsTryLock(operation.kind)) return;
  if (lock == nullptr || IsFree(*lock, shared)) {
    operation.changes = (operation.changes & kWriters) | (shared ? kReaders : kOwner);
  } else {
    operation.changes = (operation.changes & kWriters) | (operation.timed ? kTime : Aspects{0});
  }
}

Operation OnLock(Kind kind, std::uintptr_t address, const void* pc, bool prefers_writers) {
  Operation operation;
  operation.kind = kind;
  operation.size = 1;
  operation.address = address;
  operation.pc = pc;
  switch (kind) {
    case Kind::kLockShared:
    case Kind::kTryLockShared:
      operation.reads = prefers_writers ? kOwner | kWriters : kOwner;
      operation.changes = kReaders;
      break;
    case Kind::kUnlockShared:
      operation.changes = kReaders;
      break;
    case Kind::kQueueForLock:
      operation.reads = kOwner | kReaders;
      operation.changes = kOwner | kWriters;
      break;
    case Kind::kUnlock:
      operation.reads = operation.changes = kOwner;
      break;
    default:
      operation.reads = kOwner | kReaders;
      operation.changes = prefers_writers ? kOwner | kWriters : kOwner;
      break;
  }
  return operation;
}

const char* NameOnLock(Kind kind) {
  switch (kind) {
    case Kind::kLock:
      return "lock";
    case Kind::kLockShared:
      return "lock shared";
    case Kind::kTryLock:
      return "try lock";
    case Kind::kTryLockShared:
      return "try lock shared";
    case Kind::kQueueForLock:
      return "queue for lock";
    case Kind::kUnlock:
      return "unlock";
    case Kind::kUnlockShared:
      return "unlock shared";
    default:
      return nullptr;
  }
}

}  // namespace racelab::interleave
