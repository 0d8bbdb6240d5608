// Functions that the compilers' own runtimes happen to export: parts of libbacktrace, and functions of other libraries
// or of later C libraries. If there is such a library, its function is called; otherwise the call is refused.

#include <dlfcn.h>
#include <stdio.h>

#include "sanitizers/interleave/interceptors/interceptor.h"
#include "sanitizers/interleave/kernel.h"

asm(R"names(
.text

# Go on in the function of the name in r11, as if it had been called: found behind this runtime, or anywhere.
.macro jump label, search
.hidden \label
.globl \label
.type \label,@function
\label:
  push %rdi
  push %rsi
  push %rdx
  push %rcx
  push %r8
  push %r9
  push %rax
  sub $128, %rsp
  .irp i, 0,1,2,3,4,5,6,7
  movups %xmm\i, 16*\i(%rsp)
  .endr
  mov %r11, %rdi
  mov 184(%rsp), %rsi
  call \search
  mov %rax, %r11
  .irp i, 0,1,2,3,4,5,6,7
  movups 16*\i(%rsp), %xmm\i
  .endr
  add $128, %rsp
  pop %rax
  pop %r9
  pop %r8
  pop %rcx
  pop %rdx
  pop %rsi
  pop %rdi
  jmp *%r11
.endm
jump racelab_jump_to_next, racelab_find_next
jump racelab_jump_to_name, racelab_find_name
.purgem jump

.macro refused names:vararg
.irp name, \names
.globl \name
.type \name,@function
\name:
  lea 1f(%rip), %r11
  jmp racelab_jump_to_next
.pushsection .rodata
1: .asciz "\name"
.popsection
.endr
.endm
refused __asan_backtrace_alloc,__asan_backtrace_close,__asan_backtrace_create_state,__asan_backtrace_dwarf_add
refused __asan_backtrace_free,__asan_backtrace_get_view,__asan_backtrace_initialize,__asan_backtrace_open
refused __asan_backtrace_pcinfo,__asan_backtrace_qsort,__asan_backtrace_release_view,__asan_backtrace_syminfo
refused __asan_backtrace_syminfo_to_full_callback,__asan_backtrace_syminfo_to_full_error_callback
refused __asan_backtrace_uncompress_lzma,__asan_backtrace_uncompress_zdebug,__asan_backtrace_vector_finish
refused __asan_backtrace_vector_grow,__asan_backtrace_vector_release,__asan_cplus_demangle_builtin_types
refused __asan_cplus_demangle_fill_ctor,__asan_cplus_demangle_fill_dtor
refused __asan_cplus_demangle_fill_extended_operator,__asan_cplus_demangle_fill_name
refused __asan_cplus_demangle_init_info,__asan_cplus_demangle_mangled_name,__asan_cplus_demangle_operators
refused __asan_cplus_demangle_print,__asan_cplus_demangle_print_callback,__asan_cplus_demangle_type
refused __asan_cplus_demangle_v3,__asan_cplus_demangle_v3_callback,__asan_internal_memcmp,__asan_internal_memcpy
refused __asan_internal_memset,__asan_internal_strcmp,__asan_internal_strlen,__asan_internal_strncmp
refused __asan_internal_strnlen,__asan_is_gnu_v3_mangled_ctor,__asan_is_gnu_v3_mangled_dtor
refused __asan_java_demangle_v3,__asan_java_demangle_v3_callback,__b64_ntop,__b64_pton,crypt,crypt_r,xdr_destroy
.purgem refused

# The same as they have always been.
.macro same old, new
.globl \old
.type \old,@function
\old:
  lea 1f(%rip), %r11
  jmp racelab_jump_to_name
.pushsection .rodata
1: .asciz "\new"
.popsection
.endm
same __isoc99_fprintf, fprintf
same __isoc99_printf, printf
same __isoc99_snprintf, snprintf
same __isoc99_sprintf, sprintf
same __isoc99_vfprintf, vfprintf
same __isoc99_vprintf, vprintf
same __isoc99_vsnprintf, vsnprintf
same __isoc99_vsprintf, vsprintf
.purgem same

# It must not return before its caller does.
.globl sigsetjmp
.type sigsetjmp,@function
sigsetjmp:
  jmp *__sigsetjmp@GOTPCREL(%rip)
)names");

namespace {

long Nothing() { return 0; }

// Looks in this runtime and its libraries, not in the program: a function of this name there may call this one.
void* FindHere(const char* name) {
  static void* here = nullptr;
  Dl_info place;
  if (here == nullptr && dladdr(reinterpret_cast<void*>(Nothing), &place) != 0)
    here = dlopen(place.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  return here == nullptr ? nullptr : dlsym(here, name);
}

}  // namespace

#define RACELAB_CALLED_BY_STUB extern "C" __attribute__((visibility("hidden"), used))

RACELAB_CALLED_BY_STUB void* racelab_find_next(const char* name, const void* pc) {
  if (void* found = dlsym(RTLD_NEXT, name)) return found;
  if (racelab::interleave::Live()) racelab::interleave::Refuse(name, pc);
  fprintf(stderr, "racelab: %s() does not exist here\n", name);
  return reinterpret_cast<void*>(Nothing);
}
RACELAB_CALLED_BY_STUB void* racelab_find_name(const char* name, const void* pc) {
  if (void* found = FindHere(name)) return found;
  if (void* found = dlsym(RTLD_DEFAULT, name)) return found;
  return racelab_find_next(name, pc);
}
