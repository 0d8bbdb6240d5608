// Members of standard classes that are in libstdc++.so, which is not instrumented: strings (C++17's are not compiled
// into the program), streams, and reference-counted parts. A call counts as an access to the object, as the class
// itself would make it, and then continues in the library; accesses to other memory are seen when the library calls
// memcpy().
//
// Their signatures differ, and most cannot be written in C++ outside the library. So each member gets an entry in a
// table and a few instructions, which jump to the common code and leave the arguments as they are.

#include <string.h>

#include "sanitizers/interleave/interceptors/library/accesses.h"

namespace racelab::interleave {
namespace {

struct LibraryMember {
  const char* name;
  const void* function;
  const char* effects;
};

// Constants for the letters of the effects.
constexpr std::size_t kStringBytes = 16;                   // Pointer and length; what follows belongs to the text.
constexpr std::size_t kBufferFrom = 8, kBufferBytes = 48;  // Of a stream's buffer: its read and write positions.
constexpr std::size_t kBufferOfStream = 232;               // In std::basic_ios.
constexpr int kAcquireRelease = 4;                         // The memory order, with the compilers' number.

template <typename T>
T At(const void* object, std::ptrdiff_t offset) {
  return *reinterpret_cast<const T*>(static_cast<const char*>(object) + offset);
}

// A stream's buffer, found through its virtual base; null if it has none.
const void* BufferOf(const void* stream) {
  const void* table = At<const void*>(stream, 0);
  return At<const void*>(static_cast<const char*>(stream) + At<std::ptrdiff_t>(table, -24), kBufferOfStream);
}

// Whether the buffer passes all data on to a stream of the C library, which has a lock; by default, std::cout's does.
bool IsSynchronised(const void* buffer) {
  const void* type = At<const void*>(At<const void*>(buffer, 0), -8);
  if (type == nullptr) return false;
  constexpr char kName[] = "N9__gnu_cxx18stdio_sync_filebufI";
  return strncmp(At<const char*>(type, 8), kName, sizeof kName - 1) == 0;
}

void NoteBuffer(const void* buffer, bool writes, const void* pc) {
  if (buffer == nullptr || IsSynchronised(buffer)) return;
  (writes ? Writes : Reads)(static_cast<const char*>(buffer) + kBufferFrom, kBufferBytes, pc);
}

// The drop of the last reference is ordered after all earlier drops.
void NoteCount(std::uintptr_t counter) {
  if (counter != 0) execution.happens_before.AtomicUpdate(execution.current, counter, kAcquireRelease);
}

void NoteEffect(const char* effect, void* const* arguments, const void* pc) {
  const bool writes = effect[0] == 'w';
  void* object = arguments[effect[2] - '0'];
  switch (effect[1]) {
    case 's':
      return (writes ? Writes : Reads)(object, kStringBytes, pc);
    case 'o':
      return NoteBuffer(BufferOf(object), writes, pc);
    case 'b':
      return NoteBuffer(object, writes, pc);
    case 'e':  // The text of a std::runtime_error or std::logic_error; its count is before it.
      return NoteCount(At<std::uintptr_t>(object, 8) - 8);
    case 'l':  // A std::locale, which points to its count.
      return NoteCount(At<std::uintptr_t>(object, 0));
    default:
      return;
  }
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// Called by the instructions below.
extern "C" [[gnu::visibility("hidden")]] void RacelabNoteMember(LibraryMember* member, void* const* arguments,
                                                                const void* pc) {
  // The C++ library calls members before this runtime is initialised.
  if (member->function == nullptr) member->function = dlsym(RTLD_NEXT, member->name);
  if (!Noted()) return;
  for (const char* effect = member->effects; *effect != '\0'; effect += effect[3] == ' ' ? 4 : 3)
    NoteEffect(effect, arguments, pc);
}

// The entry is in %r11. Saves the registers that may hold arguments, and continues in the library.
__asm__(R"(
.pushsection .text
.type RacelabEnterMember, @function
RacelabEnterMember:
  .cfi_startproc
  pushq %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  movq %rsp, %rbp
  .cfi_def_cfa_register %rbp
  subq $208, %rsp
  andq $-16, %rsp
  movq %rdi, 0(%rsp)
  movq %rsi, 8(%rsp)
  movq %rdx, 16(%rsp)
  movq %rcx, 24(%rsp)
  movq %r8, 32(%rsp)
  movq %r9, 40(%rsp)
  movq %rax, 48(%rsp)
  movq %r11, 56(%rsp)
  movups %xmm0, 64(%rsp)
  movups %xmm1, 80(%rsp)
  movups %xmm2, 96(%rsp)
  movups %xmm3, 112(%rsp)
  movups %xmm4, 128(%rsp)
  movups %xmm5, 144(%rsp)
  movups %xmm6, 160(%rsp)
  movups %xmm7, 176(%rsp)
  movq %r11, %rdi
  movq %rsp, %rsi
  movq 8(%rbp), %rdx
  call RacelabNoteMember
  movq 0(%rsp), %rdi
  movq 8(%rsp), %rsi
  movq 16(%rsp), %rdx
  movq 24(%rsp), %rcx
  movq 32(%rsp), %r8
  movq 40(%rsp), %r9
  movq 48(%rsp), %rax
  movq 56(%rsp), %r11
  movups 64(%rsp), %xmm0
  movups 80(%rsp), %xmm1
  movups 96(%rsp), %xmm2
  movups 112(%rsp), %xmm3
  movups 128(%rsp), %xmm4
  movups 144(%rsp), %xmm5
  movups 160(%rsp), %xmm6
  movups 176(%rsp), %xmm7
  leave
  .cfi_def_cfa %rsp, 8
  jmp *8(%r11)
  .cfi_endproc
.size RacelabEnterMember, .-RacelabEnterMember
.popsection
)");

// The member's name in the program, and its entry in the table.
#define RACELAB_MEMBER(name, effects)          \
  __asm__(                                     \
      ".pushsection racelab_members, \"aw\"\n" \
      ".balign 8\n"                            \
      "7: .quad 8f, 0, 9f\n"                   \
      ".popsection\n"                          \
      ".pushsection .rodata.racelab, \"a\"\n"  \
      "8: .asciz \"" name                      \
      "\"\n"                                   \
      "9: .asciz \"" effects                   \
      "\"\n"                                   \
      ".popsection\n"                          \
      ".pushsection .text\n"                   \
      ".globl " name                           \
      "\n"                                     \
      ".type " name ", @function\n" name       \
      ":\n"                                    \
      ".cfi_startproc\n"                       \
      "leaq 7b(%rip), %r11\n"                  \
      "jmp RacelabEnterMember\n"               \
      ".cfi_endproc\n"                         \
      ".size " name ", .-" name                \
      "\n"                                     \
      ".popsection\n");

#define RACELAB_STRING(constant, member, effects)                                                                  \
  RACELAB_MEMBER("_ZN" constant "St7__cxx1112basic_stringI" RACELAB_CHARACTER "St11char_traitsI" RACELAB_CHARACTER \
                 "ESaI" RACELAB_CHARACTER "EE" member,                                                             \
                 effects)
#define RACELAB_CHARACTER "c"
#include "sanitizers/interleave/interceptors/library/cxx_strings.inc"
#undef RACELAB_CHARACTER
#define RACELAB_CHARACTER "w"
#include "sanitizers/interleave/interceptors/library/cxx_strings.inc"
#undef RACELAB_CHARACTER
#include "sanitizers/interleave/interceptors/library/cxx_streams.inc"

extern "C" [[gnu::visibility("hidden")]] LibraryMember __start_racelab_members[], __stop_racelab_members[];

namespace racelab::interleave {
namespace {

// In a C++ library without such a member, the null is in an entry that is never called.
[[gnu::constructor]] void FindMembers() {
  for (LibraryMember* member = __start_racelab_members; member != __stop_racelab_members; ++member)
    member->function = dlsym(RTLD_NEXT, member->name);
}

}  // namespace
}  // namespace racelab::interleave
