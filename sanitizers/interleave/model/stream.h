#ifndef RACELAB_SANITIZERS_INTERLEAVE_MODEL_STREAM_H_
#define RACELAB_SANITIZERS_INTERLEAVE_MODEL_STREAM_H_

#include "sanitizers/interleave/operation.h"

namespace racelab::interleave {

// Streams of the C library (FILE). Each function holds the stream's lock, which flockfile() also takes. So a call is
// one step, and is possible if no other thread has locked the stream. The order of two calls creates no happens-before
// for the program's own memory; ThreadSanitizer sees none, either.
Operation OnStream(std::uintptr_t stream, const void* pc);

// The name of this operation in reports; null for any other.
const char* NameOnStream(Kind kind);

}  // namespace racelab::interleave

#endif  // RACELAB_SANITIZERS_INTERLEAVE_MODEL_STREAM_H_
