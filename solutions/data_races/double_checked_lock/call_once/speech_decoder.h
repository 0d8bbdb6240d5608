#ifndef RACELAB_SPEECH_DECODER_H_
#define RACELAB_SPEECH_DECODER_H_

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

// Decodes speech in a conference server, by a table for each codec: which sample each byte stands for. A server
// knows many codecs and uses few, so a table is computed when the first call needs it.
//
// Any number of calls may decode at once, in the same codec or in several. Each table is computed once, and those who
// need it meanwhile wait until it is complete. A call whose table is complete does not wait for other tables.
//
// The library has this ready-made: of all who call std::call_once with the same flag, one computes the table, and
// returns before the others do; its work happens before their return. Afterwards, it only looks at the flag. The price:
// a flag for each codec.
class SpeechDecoder {
 public:
  // `compute` returns the sample of a byte below `bytes` in a codec below `codecs`. It takes its time, and must not
  // throw. Of one codec, it is called once for each byte; tables of different codecs may be computed at once.
  SpeechDecoder(int codecs, int bytes, std::function<int(int codec, int byte)> compute)
      : bytes_(bytes), compute_(std::move(compute)), codecs_(codecs) {}

  // The sample that `byte` stands for in `codec`.
  int Sample(int codec, int byte) {
    Codec& its = codecs_[codec];
    std::call_once(its.once, [&] {
      its.samples.resize(bytes_);
      for (int each = 0; each < bytes_; ++each) its.samples[each] = compute_(codec, each);
    });
    return its.samples[byte];
  }

 private:
  struct Codec {
    std::once_flag once;
    std::vector<int> samples;  // by byte
  };

  const int bytes_;
  const std::function<int(int, int)> compute_;
  std::vector<Codec> codecs_;
};

#endif  // RACELAB_SPEECH_DECODER_H_
