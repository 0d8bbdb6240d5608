#ifndef RACELAB_SANITIZERS_INTERLEAVE_MEMORY_NAME_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MEMORY_NAME_H_

#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// Names for memory in schedules. They are valid in every process of the program, although its modules and stacks may be
// at other addresses. "h40" is 0x40 bytes into the heap, "m0.4010" into the first module, "s1.20" is counted from the
// top of the stack in slot 1, "b18" stands for all blocks of a size (model/block_reuse.h), and "l4" for the unseen
// actions of libraries (library_calls.h). Names are separated by commas.
void AppendMemoryNames(const Vector<std::uintptr_t>& memory, Vector<char>& text);

// False if `text`, up to `end`, is not such a list.
bool ParseMemoryNames(const char* text, const char* end, Vector<std::uintptr_t>& memory);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MEMORY_NAME_H_
