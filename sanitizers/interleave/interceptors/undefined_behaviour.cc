// Errors that -fsanitize=undefined detects, if it is combined with -fsanitize=thread: they are failures of the
// execution, like a failed assertion.

#include <string.h>

#include "sanitizers/interleave/interceptors/interceptor.h"

namespace racelab::interleave {
namespace {

// A place in the source: the first member of the compilers' data about a check.
struct SourcePlace {
  const char* file;
  std::uint32_t line, column;
};

void Undefined(const char* what, const SourcePlace* place) {
  if (!Live()) return;
  const char* slash = place->file == nullptr ? nullptr : strrchr(place->file, '/');
  execution.Fail(FailureKind::kAbort, "%s:%u: undefined behaviour: %s",
                 slash != nullptr         ? slash + 1
                 : place->file != nullptr ? place->file
                                          : "?",
                 place->line, what);
}

}  // namespace
}  // namespace racelab::interleave

using namespace racelab::interleave;

#define RACELAB_CHECK(name, what)                                                                      \
  RACELAB_INTERCEPTOR void __ubsan_handle_##name(const SourcePlace* place) { Undefined(what, place); } \
  RACELAB_INTERCEPTOR void __ubsan_handle_##name##_abort(const SourcePlace* place) { Undefined(what, place); }

// Functions whose second argument is the place.
#define RACELAB_CHECK_AT(name, what)                                                                          \
  RACELAB_INTERCEPTOR void __ubsan_handle_##name(void*, const SourcePlace* place) { Undefined(what, place); } \
  RACELAB_INTERCEPTOR void __ubsan_handle_##name##_abort(void*, const SourcePlace* place) { Undefined(what, place); }

RACELAB_CHECK(add_overflow, "signed integer overflow")
RACELAB_CHECK(sub_overflow, "signed integer overflow")
RACELAB_CHECK(mul_overflow, "signed integer overflow")
RACELAB_CHECK(negate_overflow, "signed integer overflow")
RACELAB_CHECK(divrem_overflow, "division by zero, or its result is too large")
RACELAB_CHECK(shift_out_of_bounds, "a shift by too much")
RACELAB_CHECK(out_of_bounds, "an index out of bounds")
RACELAB_CHECK(type_mismatch_v1, "a null, misaligned or too small object")
RACELAB_CHECK(alignment_assumption, "an assumed alignment does not hold")
RACELAB_CHECK(vla_bound_not_positive, "an array's size is not positive")
RACELAB_CHECK(float_cast_overflow, "a floating-point number is out of the range of the integer")
RACELAB_CHECK(load_invalid_value, "a value that is invalid for its type")
RACELAB_CHECK(implicit_conversion, "an implicit conversion changes the value")
RACELAB_CHECK(invalid_builtin, "an argument that a builtin function does not allow")
RACELAB_CHECK(invalid_objc_cast, "an invalid cast")
RACELAB_CHECK(function_type_mismatch, "a function is called by a pointer of another type")
RACELAB_CHECK(nonnull_arg, "a null pointer for an argument that must not be null")
RACELAB_CHECK(nullability_arg, "a null pointer for an argument that must not be null")
RACELAB_CHECK(pointer_overflow, "pointer arithmetic overflows")
RACELAB_CHECK(cfi_check_fail, "a broken control flow")
RACELAB_CHECK_AT(nonnull_return_v1, "a null pointer is returned where it must not be null")
RACELAB_CHECK_AT(nullability_return_v1, "a null pointer is returned where it must not be null")
RACELAB_INTERCEPTOR void __ubsan_handle_builtin_unreachable(const SourcePlace* place) {
  Undefined("a place declared unreachable is reached", place);
}
RACELAB_INTERCEPTOR void __ubsan_handle_missing_return(const SourcePlace* place) {
  Undefined("a function ends without a return", place);
}
