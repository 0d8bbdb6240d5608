#ifndef RACELAB_SANITIZERS_INTERLEAVE_SNAPSHOT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// The program's memory as it was before the first execution, so that each execution begins from there: the writable
// segments of the program and its libraries (but for this runtime's and the loader's), and the heap.
//
// Pages are protected against writing and copied by the fault that the first write to each brings; from then on a page
// is simply put back before each execution. An execution so pays for the pages that it writes, not for those that there
// are.

// Begins. `heap_begin` to `heap_end` is the part of the heap that is in use.
void TakeSnapshot(std::uintptr_t heap_begin, std::uintptr_t heap_end);

// Puts every page back as it was.
void RestoreSnapshot();

// Ends: the pages stay as they are now.
void DropSnapshot();

// Whether `is_wanted(begin, end, argument)` holds for a page that has been written to since the snapshot was taken.
bool AnyWrittenPage(bool (*is_wanted)(std::uintptr_t begin, std::uintptr_t end, void* argument), void* argument);

// For the handler of SIGSEGV: whether the fault was a first write to a protected page. If so, the page has been copied
// and made writable, and the program can go on.
bool HandleFirstWrite(std::uintptr_t address);

// Where the part of the saved memory ends that `address` lies in; 0 if it lies in none.
std::uintptr_t EndOfSavedMemory(std::uintptr_t address);

// Before the kernel writes to memory of the program: it would fail instead of faulting. True if a page was protected.
bool ExpectWrites(const void* begin, std::size_t bytes);

// Memory from `begin` to `end`, whole pages, is saved with the rest from the next snapshot on.
void SaveAlso(std::uintptr_t begin, std::uintptr_t end);
// Puts back memory from `begin` to `end`, in the middle of an execution.
void RestorePart(std::uintptr_t begin, std::uintptr_t end);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SNAPSHOT_H_
