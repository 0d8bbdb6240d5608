#ifndef RACELAB_SPEECH_DECODER_H_
#define RACELAB_SPEECH_DECODER_H_

#include <functional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

// Decodes speech in a conference server, by a table for each codec: which sample each byte stands for. A server
// knows many codecs and uses few, so a table is computed when the first call needs it.
//
// Any number of calls may decode at once, in the same codec or in several. Each table is computed once, and those who
// need it meanwhile wait until it is complete. A call whose table is complete does not wait for other tables.
//
// Each codec has a mutex of its own, which a call holds from the question whether there is a table to the answer from
// it. The question is asked once, under the lock. Others wait at the mutex while the table is computed, but only those
// who need the same one. The price: a lock for each sample, which calls in one codec take in turn.
class SpeechDecoder {
 public:
  // `compute` returns the sample of a byte below `bytes` in a codec below `codecs`. It takes its time, and must not
  // throw. Of one codec, it is called once for each byte; tables of different codecs may be computed at once.
  SpeechDecoder(int codecs, int bytes, std::function<int(int codec, int byte)> compute)
      : bytes_(bytes), compute_(std::move(compute)), codecs_(codecs) {}

  // The sample that `byte` stands for in `codec`.
  int Sample(int codec, int byte) {
    Codec& its = codecs_[codec];
    absl::MutexLock lock(&its.mutex);
    if (its.samples.empty()) {
      its.samples.reserve(bytes_);
      for (int each = 0; each < bytes_; ++each) its.samples.push_back(compute_(codec, each));
    }
    return its.samples[byte];
  }

 private:
  struct Codec {
    absl::Mutex mutex;
    std::vector<int> samples ABSL_GUARDED_BY(mutex);  // by byte; empty: not needed yet
  };

  const int bytes_;
  const std::function<int(int, int)> compute_;
  std::vector<Codec> codecs_;
};

#endif  // RACELAB_SPEECH_DECODER_H_
