// Accesses that library functions make on behalf of their callers.

#include "sanitizers/interleave/interceptors/library/accesses.h"

#include <unwind.h>

#include "sanitizers/interleave/library_calls.h"

namespace racelab::interleave {
namespace {

constexpr int kMostFrames = 32;

// The frames from `pc` to the innermost instrumented function.
struct Walk {
  const void* pc;
  const void* end;  // The return address of that function.
  const void* frames[kMostFrames];
  int count = 0;
  bool complete = false;
};

_Unwind_Reason_Code VisitFrame(_Unwind_Context* context, void* argument) {
  auto& walk = *static_cast<Walk*>(argument);
  const auto* pc = reinterpret_cast<const void*>(_Unwind_GetIP(context));
  if (walk.count == 0 && pc != walk.pc) return _URC_NO_REASON;  // A frame of this runtime.
  if (pc == walk.end) {
    walk.complete = true;
    return _URC_NORMAL_STOP;
  }
  if (walk.count == kMostFrames) return _URC_NORMAL_STOP;
  walk.frames[walk.count++] = pc;
  return _URC_NO_REASON;
}

void Touches(const volatile void* address, std::size_t bytes, bool write, const void* pc) {
  if (bytes == 0 || !Noted()) return;
  if (execution.library_calls_are_steps && IsInUnseenLibrary(pc)) return;  // Its own ordering is not seen.
  const LibraryFrames frames(pc);
  execution.Plain(Address(address), bytes, write, pc);
}

}  // namespace

LibraryFrames::LibraryFrames(const void* pc) {
  Thread& thread = execution.me();
  if (execution.recording == nullptr || thread.stack_depth < 1 || thread.stack_depth > kMaxStack) return;
  Walk walk = {pc, thread.stack[thread.stack_depth - 1], {}};
  ++thread.ignoring;  // The unwinder calls functions that this runtime intercepts.
  _Unwind_Backtrace(VisitFrame, &walk);
  --thread.ignoring;
  if (!walk.complete || thread.stack_depth + walk.count > kMaxStack) return;
  for (int i = walk.count; i-- > 1;) thread.stack[thread.stack_depth++] = walk.frames[i];
  pushed_ = walk.count > 1 ? walk.count - 1 : 0;
}

void Reads(const volatile void* address, std::size_t bytes, const void* pc) { Touches(address, bytes, false, pc); }
void Writes(const volatile void* address, std::size_t bytes, const void* pc) { Touches(address, bytes, true, pc); }

void ReadsText(const char* text, const void* pc) {
  if (text != nullptr && Noted()) Reads(text, TextBytes(text), pc);
}

}  // namespace racelab::interleave
