#ifndef RACELAB_SPEECH_DECODER_H_
#define RACELAB_SPEECH_DECODER_H_

#include <atomic>
#include <functional>
#include <memory>
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
// The table is looked for twice, without the lock and, if it is not there, with it. Without the lock, the pointer must
// say more than "not null": it is set when the table is complete, and with release, so that whoever acquires it sees
// the whole table. Under the lock, the mutex has said so already. The price: this comment, and whoever changes the code
// has to understand it.
class SpeechDecoder {
 public:
  // `compute` returns the sample of a byte below `bytes` in a codec below `codecs`. It takes its time, and must not
  // throw. Of one codec, it is called once for each byte; tables of different codecs may be computed at once.
  SpeechDecoder(int codecs, int bytes, std::function<int(int codec, int byte)> compute)
      : bytes_(bytes), compute_(std::move(compute)), tables_(codecs) {}

  // The sample that `byte` stands for in `codec`.
  int Sample(int codec, int byte) {
    // Acquire: receives the samples from the release in Compute().
    const Table* table = tables_[codec].load(std::memory_order_acquire);
    if (table == nullptr) table = Compute(codec);
    return table->samples[byte];
  }

 private:
  struct Table {
    explicit Table(int bytes) : samples(bytes) {}

    std::vector<int> samples;  // by byte
  };

  const Table* Compute(int codec) {
    absl::MutexLock lock(&mutex_);
    // Relaxed: if another call has come before us, the mutex hands over its samples.
    if (const Table* table = tables_[codec].load(std::memory_order_relaxed)) return table;
    auto table = std::make_unique<Table>(bytes_);
    for (int byte = 0; byte < bytes_; ++byte) table->samples[byte] = compute_(codec, byte);
    owned_.push_back(std::move(table));
    // Release: hands over the samples to the acquire in Sample().
    tables_[codec].store(owned_.back().get(), std::memory_order_release);
    return owned_.back().get();
  }

  const int bytes_;
  const std::function<int(int, int)> compute_;
  absl::Mutex mutex_;  // For computing. Calls that find their table do without.
  std::vector<std::unique_ptr<const Table>> owned_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::atomic<const Table*>> tables_;  // by codec; null: not complete yet
};

#endif  // RACELAB_SPEECH_DECODER_H_
