#ifndef RACELAB_SANITIZERS_INTERLEAVE_SNAPSHOT_H_
#define RACELAB_SANITIZERS_INTERLEAVE_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>

namespace racelab::interleave {

// A copy of the program's memory before the first execution, from which every execution starts: the heap, and the
// writable segments of the program and its libraries (except this runtime's and the loader's).
//
// Pages are write-protected, and copied by the handler of the fault at the first write to each. From then on, such a
// page is restored before each execution. So the cost of an execution depends on the number of written pages, not of
// all pages.

// Takes the snapshot. `heap_begin` to `heap_end` is the part of the heap that is in use.
void TakeSnapshot(std::uintptr_t heap_begin, std::uintptr_t heap_end);

// Restores every page.
void RestoreSnapshot();

// Restores the loader's variables, for an execution in which a thread has lost its storage (`PointerChange`): the
// loader identifies the owner of a lock by this storage, so a lock that was taken before the loss was not released
// after it.
void RestoreLoader();

// Ends the snapshot: the pages stay as they are now.
void DropSnapshot();

// Whether `is_wanted(begin, end, argument)` holds for any page that has been written to since the snapshot was taken.
bool AnyWrittenPage(bool (*is_wanted)(std::uintptr_t begin, std::uintptr_t end, void* argument), void* argument);

// For the handler of SIGSEGV: whether the fault was a first write to a protected page. If so, the page has been copied
// and made writable, and the program can go on.
bool HandleFirstWrite(std::uintptr_t address);

// The end of the part of the saved memory that contains `address`; 0 if no part does.
std::uintptr_t EndOfSavedMemory(std::uintptr_t address);

// Call this before the kernel writes to the program's memory: on a protected page, the system call would fail instead
// of faulting. Returns true if a page was protected.
bool ExpectWrites(const void* begin, std::size_t bytes);

// Saves the memory from `begin` to `end`, whole pages, together with the rest from the next snapshot on.
void SaveAlso(std::uintptr_t begin, std::uintptr_t end);
// Restores the memory from `begin` to `end`, in the middle of an execution.
void RestorePart(std::uintptr_t begin, std::uintptr_t end);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_SNAPSHOT_H_
