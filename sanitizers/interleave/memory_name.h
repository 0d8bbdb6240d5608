#ifndef RACELAB_SANITIZERS_INTERLEAVE_MEMORY_NAME_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MEMORY_NAME_H_

#include <cstdint>

#include "sanitizers/interleave/runtime_memory.h"

namespace racelab::interleave {

// What memory is called in schedules, which another process of the program is to read: its modules and stacks may be
// elsewhere. "h40" is 0x40 bytes into the heap, "m0.4010" into the first module, "s1.20" from the top of the stack in
// slot 1, "b18" all blocks of a size (model/block_reuse.h), "l4" what libraries do that are not seen (library_calls.h);
// names are separated by commas.
void AppendMemoryNames(const Vector<std::uintptr_t>& memory, Vector<char>& text);

// False if `text`, up to `end`, is no such list.
bool ParseMemoryNames(const char* text, const char* end, Vector<std::uintptr_t>& memory);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MEMORY_NAME_H_
