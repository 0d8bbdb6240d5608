#include "sanitizers/interleave/model/block_reuse.h"

#include <link.h>

#include <algorithm>

#include "sanitizers/interleave/snapshot.h"

namespace racelab::interleave {
namespace {

struct Extent {
  std::uintptr_t begin = UINTPTR_MAX, end = 0;
};

// The memory of the program itself, without its libraries.
Extent OfProgram() {
  Extent range;
  dl_iterate_phdr(
      [](dl_phdr_info* module, std::size_t, void* result) {
        auto& range = *static_cast<Extent*>(result);
        for (int i = 0; i < module->dlpi_phnum; ++i) {
          const ElfW(Phdr)& segment = module->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD) continue;
          range.begin = std::min(range.begin, module->dlpi_addr + segment.p_vaddr);
          range.end = std::max(range.end, module->dlpi_addr + segment.p_vaddr + segment.p_memsz);
        }
        return 1;  // The program is the first module.
      },
      &range);
  return range;
}

struct Wanted {
  Extent program;
  std::uintptr_t block;
  std::size_t size;
};

// Whether the page belongs to the program and contains a word that points into the block.
bool Points(std::uintptr_t begin, std::uintptr_t end, void* argument) {
  const auto& [program, block, size] = *static_cast<const Wanted*>(argument);
  if (begin >= program.end || end <= program.begin) return false;
  for (std::uintptr_t place = begin; place < end; place += 8) {
    if (Value(place, 8) - block < size) return true;
  }
  return false;
}

}  // namespace

Operation OnBlocks(Kind kind, int size_class, const void* pc) {
  Operation operation;
  operation.kind = kind;
  operation.reads = operation.changes = kContent;
  operation.size = 1;
  operation.address = BlocksOfClass(size_class);
  operation.pc = pc;
  return operation;
}

const char* NameOnBlocks(Kind kind) {
  switch (kind) {
    case Kind::kAllocate:
      return "allocate";
    case Kind::kFree:
      return "free";
    default:
      return nullptr;
  }
}

bool IsPointedAt(std::uintptr_t block, std::size_t size) {
  static const Extent program = OfProgram();
  Wanted wanted = {program, block, size};
  return AnyWrittenPage(Points, &wanted);
}

}  // namespace racelab::interleave
