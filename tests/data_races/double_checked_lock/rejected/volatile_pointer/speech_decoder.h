#ifndef RACELAB_SPEECH_DECODER_H_
#define RACELAB_SPEECH_DECODER_H_

#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

// Decodes speech in a conference server, by a table for each codec: which sample each byte stands for. A server
// knows many codecs and uses few, so a table is computed when the first call needs it.
//
// Any number of calls may decode at once, in the same codec or in several. Each table is computed once, and those who
// need it meanwhile wait until it is complete. A call whose table is complete does not wait for other tables.
//
// The pointer to a table is set when the table is complete, and is volatile: each call reads it anew from memory.
class SpeechDecoder {
 public:
  // `compute` returns the sample of a byte below `bytes` in a codec below `codecs`. It takes its time, and must not
  // throw. Of one codec, it is called once for each byte; tables of different codecs may be computed at once.
  SpeechDecoder(int codecs, int bytes, std::function<int(int codec, int byte)> compute)
      : bytes_(bytes), compute_(std::move(compute)), tables_(new Table* volatile[codecs]()) {}

  // The sample that `byte` stands for in `codec`.
  int Sample(int codec, int byte) {
    if (tables_[codec] == nullptr) Compute(codec);
    return tables_[codec]->samples[byte];
  }

 private:
  struct Table {
    explicit Table(int bytes) : samples(bytes) {}

    std::vector<int> samples;  // by byte
  };

  void Compute(int codec) {
    std::lock_guard lock(mutex_);
    if (tables_[codec] != nullptr) return;  // Another call has come before us.
    auto table = std::make_unique<Table>(bytes_);
    for (int byte = 0; byte < bytes_; ++byte) table->samples[byte] = compute_(codec, byte);
    owned_.push_back(std::move(table));
    tables_[codec] = owned_.back().get();
  }

  const int bytes_;
  const std::function<int(int, int)> compute_;
  std::mutex mutex_;  // For computing. Calls that find their table do without.
  std::vector<std::unique_ptr<Table>> owned_;
  const std::unique_ptr<Table* volatile[]> tables_;  // by codec; null: not complete yet
};

#endif  // RACELAB_SPEECH_DECODER_H_
