// Compiled without the sanitizer. No template may be used here: the linker could take its instance for everybody's.

#include "tests/support/block_count.h"

namespace racelab {
namespace {

int blocks = 0;

}  // namespace

void CountBlocks(int more) { __atomic_fetch_add(&blocks, more, __ATOMIC_RELAXED); }

int Blocks() { return __atomic_load_n(&blocks, __ATOMIC_RELAXED); }

}  // namespace racelab
