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
// One mutex guards all tables. A call holds it from the question whether there is a table to the answer from it. The
// question is asked once, under the lock, and others wait at the mutex while a table is computed. The price: a lock for
// each sample.
class SpeechDecoder {
 public:
  // `compute` returns the sample of a byte below `bytes` in a codec below `codecs`. It takes its time, and must not
  // throw. Of one codec, it is called once for each byte; tables of different codecs may be computed at once.
  SpeechDecoder(int codecs, int bytes, std::function<int(int codec, int byte)> compute)
      : bytes_(bytes), compute_(std::move(compute)), samples_(codecs) {}

  // The sample that `byte` stands for in `codec`.
  int Sample(int codec, int byte) {
    absl::MutexLock lock(&mutex_);
    std::vector<int>& samples = samples_[codec];
    if (samples.empty()) {
      samples.reserve(bytes_);
      for (int each = 0; each < bytes_; ++each) samples.push_back(compute_(codec, each));
    }
    return samples[byte];
  }

 private:
  const int bytes_;
  const std::function<int(int, int)> compute_;
  absl::Mutex mutex_;
  std::vector<std::vector<int>> samples_ ABSL_GUARDED_BY(mutex_);  // by codec and byte; empty: not needed yet
};

#endif  // RACELAB_SPEECH_DECODER_H_
