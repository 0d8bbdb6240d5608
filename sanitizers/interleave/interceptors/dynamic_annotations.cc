// The older annotations, by which programs told race detectors what they do: these say nothing that is not seen here.

#include <cstddef>
#include <cstdint>

#include "sanitizers/interleave/interceptors/interceptor.h"

using namespace racelab::interleave;

RACELAB_INTERCEPTOR void AnnotateCondVarSignal(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateCondVarSignalAll(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateCondVarWait(const char*, int, const volatile void*, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateExpectRace(const char*, int, const volatile void*, const char*) {}
RACELAB_INTERCEPTOR void AnnotateFlushExpectedRaces(const char*, int) {}
RACELAB_INTERCEPTOR void AnnotateFlushState(const char*, int) {}
RACELAB_INTERCEPTOR void AnnotateMemoryIsUninitialized(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR void AnnotateMutexIsNotPHB(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateMutexIsUsedAsCondVar(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateNoOp(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQCreate(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQDestroy(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQGet(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePCQPut(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotatePublishMemoryRange(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR void AnnotateTraceMemory(const char*, int, const volatile void*) {}
RACELAB_INTERCEPTOR void AnnotateUnpublishMemoryRange(const char*, int, const volatile void*, std::size_t) {}
RACELAB_INTERCEPTOR const char* ThreadSanitizerQuery(const char*) { return "0"; }
RACELAB_INTERCEPTOR void WTFAnnotateBenignRaceSized(const char*, int, const volatile void*, std::size_t, const char*) {}

// The memory is new, whatever was done with it before.
RACELAB_INTERCEPTOR void AnnotateNewMemory(const char*, int, const volatile void* memory, std::size_t bytes) {
  if (Live()) execution.happens_before.Reuse(Address(memory), bytes);
}
RACELAB_INTERCEPTOR void WTFAnnotateHappensBefore(const char*, int, const volatile void* object) {
  if (Live()) execution.happens_before.Release(execution.current, Address(object));
}
RACELAB_INTERCEPTOR void WTFAnnotateHappensAfter(const char*, int, const volatile void* object) {
  if (Live()) execution.happens_before.Acquire(execution.current, Address(object));
}
