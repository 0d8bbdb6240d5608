#include "sanitizers/interleave/library_calls.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>

#include "sanitizers/interleave/execution.h"
#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

constexpr std::size_t kMostCalls = 2048;  // Functions of such libraries that one program can call.
constexpr std::uintptr_t kPageOfModule = 4096;
constexpr std::size_t kStub = 12;

// The data of a function's stub.
struct Called {
  const void* function;
  bool is_called;
};

struct UnseenLibrary {
  const char* name;
  std::uintptr_t begin, end;  // Of its machine code.
  bool has_locks;             // It makes system calls itself, as libraries that put threads to sleep do.
};

Vector<UnseenLibrary> unseen;
std::size_t calls = 0;
bool libraries_found = false;

// The loader's data about a module.
struct LoadedModule {
  std::uintptr_t base;
  const ElfW(Sym) * symbols = nullptr;
  const char* strings = nullptr;
  const ElfW(Rela) * plt = nullptr;
  const ElfW(Rela) * others = nullptr;
  std::size_t plt_count = 0, other_count = 0;

  explicit LoadedModule(const dl_phdr_info& module) : base(module.dlpi_addr) {
    for (int i = 0; i < module.dlpi_phnum; ++i) {
      if (module.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
      Read(reinterpret_cast<const ElfW(Dyn)*>(base + module.dlpi_phdr[i].p_vaddr));
    }
  }

  // Whether the module needs a symbol with this prefix.
  bool Needs(const char* prefix) const { return Needs(plt, plt_count, prefix) || Needs(others, other_count, prefix); }

 private:
  void Read(const ElfW(Dyn) * entry) {
    for (; entry->d_tag != DT_NULL; ++entry) {
      const std::uintptr_t value = entry->d_un.d_ptr;
      switch (entry->d_tag) {
        case DT_SYMTAB:
          symbols = reinterpret_cast<const ElfW(Sym)*>(value);
          break;
        case DT_STRTAB:
          strings = reinterpret_cast<const char*>(value);
          break;
        case DT_JMPREL:
          plt = reinterpret_cast<const ElfW(Rela)*>(value);
          break;
        case DT_PLTRELSZ:
          plt_count = value / sizeof(ElfW(Rela));
          break;
        case DT_RELA:
          others = reinterpret_cast<const ElfW(Rela)*>(value);
          break;
        case DT_RELASZ:
          other_count = value / sizeof(ElfW(Rela));
          break;
        default:
          break;
      }
    }
  }
  bool Needs(const ElfW(Rela) * relocations, std::size_t count, const char* prefix) const {
    if (symbols == nullptr || strings == nullptr) return false;
    for (std::size_t i = 0; i < count; ++i) {
      const ElfW(Sym)& symbol = symbols[ELF64_R_SYM(relocations[i].r_info)];
      if (strncmp(strings + symbol.st_name, prefix, strlen(prefix)) == 0) return true;
    }
    return false;
  }
};

// Whether an atomic instruction (one with a LOCK prefix) begins at `code`, as far as this can be seen without
// disassembling.
bool IsAtomicInstruction(const unsigned char* code, const unsigned char* end) {
  ++code;
  if (code < end && (*code & 0xF0) == 0x40) ++code;  // A REX prefix.
  if (code + 2 >= end) return false;
  if (*code == 0x0F) {  // cmpxchg, xadd, bts, cmpxchg16b
    ++code;
    if (*code != 0xB0 && *code != 0xB1 && *code != 0xC0 && *code != 0xC1 && *code != 0xAB && *code != 0xB3 &&
        *code != 0xBA && *code != 0xC7)
      return false;
  } else if (*code != 0x80 && *code != 0x81 && *code != 0x83 && *code < 0xFE && !(*code < 0x32 && *code % 8 < 2)) {
    return false;
  }
  return (code[1] & 0xC0) != 0xC0;  // The operand is in memory.
}

bool HasAtomicInstructions(const unsigned char* code, const unsigned char* end) {
  while ((code = static_cast<const unsigned char*>(memchr(code, 0xF0, static_cast<std::size_t>(end - code))))) {
    if (IsAtomicInstruction(code, end)) return true;
    ++code;
  }
  return false;
}

// Libraries whose functions are known here: interceptors model them, or they are part of this runtime.
bool IsKnown(const char* name) {
  for (const char* known : {"ld-linux", "libc.", "libm.", "libgcc_s.", "libstdc++.", "libpthread.", "libdl.", "librt.",
                            "libtsan.", "libclang_rt.", "libc++.", "libc++abi.", "linux-vdso."}) {
    if (strncmp(name, known, strlen(known)) == 0) return true;
  }
  return name[0] == '\0';
}

const char* WithoutFolder(const char* path) {
  const char* slash = strrchr(path, '/');
  return slash == nullptr ? path : slash + 1;
}

int FindUnseen(dl_phdr_info* info, std::size_t, void*) {
  const char* name = WithoutFolder(info->dlpi_name);
  if (IsKnown(name)) return 0;
  const LoadedModule module(*info);
  if (module.Needs("__tsan_")) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0) continue;
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr, end = begin + segment.p_filesz;
    if (HasAtomicInstructions(reinterpret_cast<const unsigned char*>(begin),
                              reinterpret_cast<const unsigned char*>(end)))
      unseen.push_back({name, begin, end, module.Needs("syscall")});
  }
  return 0;
}

const UnseenLibrary* LibraryAt(const void* pc) {
  const auto address = reinterpret_cast<std::uintptr_t>(pc);
  for (const UnseenLibrary& library : unseen) {
    if (address - library.begin < library.end - library.begin) return &library;
  }
  return nullptr;
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

// Element i is the data of stub i. The stubs follow one another, each kStub bytes long.
extern "C" {
__attribute__((visibility("hidden"))) Called racelab_library_calls[kMostCalls];
__attribute__((visibility("hidden"))) unsigned char racelab_library_calls_are_steps = 0;
__attribute__((visibility("hidden"))) extern const unsigned char racelab_library_stubs[];
}

namespace racelab::interleave {
namespace {

// Redirects the module's calls of other modules to stubs.
int LeadCallsHere(dl_phdr_info* info, std::size_t, void*) {
  const LoadedModule module(*info);
  if (!module.Needs("__tsan_")) return 0;
  std::uintptr_t read_only = 0, read_only_end = 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_GNU_RELRO) continue;
    read_only = (info->dlpi_addr + segment.p_vaddr) & ~(kPageOfModule - 1);
    read_only_end = (info->dlpi_addr + segment.p_vaddr + segment.p_memsz) & ~(kPageOfModule - 1);
  }
  const std::size_t size = read_only_end - read_only;
  if (size != 0) REAL(mprotect)(reinterpret_cast<void*>(read_only), size, PROT_READ | PROT_WRITE);
  for (std::size_t i = 0; i < module.plt_count; ++i) {
    auto& slot = *reinterpret_cast<const void**>(module.base + module.plt[i].r_offset);
    if (ELF64_R_TYPE(module.plt[i].r_info) != R_X86_64_JUMP_SLOT || LibraryAt(slot) == nullptr) continue;
    std::size_t call = 0;
    while (call < calls && racelab_library_calls[call].function != slot) ++call;
    if (call == kMostCalls) break;
    if (call == calls) racelab_library_calls[calls++].function = slot;
    slot = racelab_library_stubs + kStub * call;
  }
  if (size != 0) REAL(mprotect)(reinterpret_cast<void*>(read_only), size, PROT_READ);
  return 0;
}

void Cross(Kind kind, const void* called, const void* pc) {
  if (!Visible() || !execution.concurrent()) return;
  execution.Step(OnLibraryCalls(kind, called, pc));
  execution.happens_before.Cross(execution.current);
}

}  // namespace

void FindLibraries() {
  if (libraries_found) return;
  libraries_found = true;
  dl_iterate_phdr(FindUnseen, nullptr);
  if (!unseen.empty()) dl_iterate_phdr(LeadCallsHere, nullptr);
}

void UseLibraryCalls(bool are_steps) {
  racelab_library_calls_are_steps = are_steps;
  execution.library_calls_are_steps = execution.happens_before.libraries_order = are_steps;
}

bool LibrariesMayOrder() {
  for (std::size_t i = 0; i < calls; ++i) {
    if (racelab_library_calls[i].is_called) return true;
  }
  return false;
}

bool LibrariesMayWait() {
  for (std::size_t i = 0; i < calls; ++i) {
    if (racelab_library_calls[i].is_called && LibraryAt(racelab_library_calls[i].function)->has_locks) return true;
  }
  return false;
}

Vector<const char*> UnseenLibraries() {
  Vector<const char*> names;
  for (const UnseenLibrary& library : unseen) {
    for (std::size_t i = 0; i < calls; ++i) {
      if (!racelab_library_calls[i].is_called || LibraryAt(racelab_library_calls[i].function) != &library) continue;
      names.push_back(library.name);
      break;
    }
  }
  return names;
}

bool IsInUnseenLibrary(const void* pc) { return LibraryAt(pc) != nullptr; }

void CrossIfCalledBack(const void* caller, bool begins) {
  if (LibraryAt(caller) != nullptr) Cross(begins ? Kind::kCallBack : Kind::kReturnToLibrary, caller, caller);
}

const char* NameOfCalled(const Operation& operation) {
  const auto* called = reinterpret_cast<const void*>(operation.expected);
  Dl_info place;
  const bool is_call = operation.kind == Kind::kCall || operation.kind == Kind::kReturn;
  if (is_call && dladdr(called, &place) != 0 && place.dli_sname != nullptr) return place.dli_sname;
  const UnseenLibrary* library = LibraryAt(called);
  return library == nullptr ? "a library" : library->name;
}

}  // namespace racelab::interleave

#define RACELAB_CALLED_BY_STUB extern "C" __attribute__((visibility("hidden"), used))

RACELAB_CALLED_BY_STUB void racelab_enter_library(const Called* call, const void* pc) {
  Cross(Kind::kCall, call->function, pc);
}
RACELAB_CALLED_BY_STUB void racelab_leave_library(const Called* call, const void* pc) {
  Cross(Kind::kReturn, call->function, pc);
}

// A stub notes the call and jumps to the function. If calls are steps, it instead calls the function, with a copy of
// possible arguments on the stack, so that the function returns here.
asm(R"(
.text
.p2align 4
.hidden racelab_library_stubs
.globl racelab_library_stubs
racelab_library_stubs:
.set i, 0
.rept 2048
  lea racelab_library_calls+16*i(%rip), %r11
  .byte 0xe9  # jmp, always of five bytes
  .long racelab_library_call - . - 4
.set i, i+1
.endr

.type racelab_library_call,@function
racelab_library_call:
  .cfi_startproc
  movb $1, 8(%r11)
  cmpb $0, racelab_library_calls_are_steps(%rip)
  jne 1f
  jmp *(%r11)
1:
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  sub $208, %rsp
  mov %r11, -8(%rbp)
  mov %rdi, -16(%rbp)
  mov %rsi, -24(%rbp)
  mov %rdx, -32(%rbp)
  mov %rcx, -40(%rbp)
  mov %r8, -48(%rbp)
  mov %r9, -56(%rbp)
  mov %rax, -64(%rbp)
  .irp n, 0,1,2,3,4,5,6,7
  movups %xmm\n, 16*\n-192(%rbp)
  .endr
  mov %r11, %rdi
  mov 8(%rbp), %rsi
  call racelab_enter_library
  mov -16(%rbp), %rdi
  mov -24(%rbp), %rsi
  mov -32(%rbp), %rdx
  mov -40(%rbp), %rcx
  mov -48(%rbp), %r8
  mov -56(%rbp), %r9
  mov -64(%rbp), %rax
  sub $128, %rsp
  .irp n, 0,1,2,3,4,5,6,7
  movups 16*\n+16(%rbp), %xmm15
  movups %xmm15, 16*\n-336(%rbp)
  .endr
  .irp n, 0,1,2,3,4,5,6,7
  movups 16*\n-192(%rbp), %xmm\n
  .endr
  mov -8(%rbp), %r11
  call *(%r11)
  mov %rax, -16(%rbp)
  mov %rdx, -24(%rbp)
  movups %xmm0, -192(%rbp)
  movups %xmm1, -176(%rbp)
  mov -8(%rbp), %rdi
  mov 8(%rbp), %rsi
  call racelab_leave_library
  mov -16(%rbp), %rax
  mov -24(%rbp), %rdx
  movups -192(%rbp), %xmm0
  movups -176(%rbp), %xmm1
  leave
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
.size racelab_library_call, .-racelab_library_call
)");
