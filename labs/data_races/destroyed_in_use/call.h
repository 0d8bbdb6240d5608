#ifndef RACELAB_LABS_DATA_RACES_DESTROYED_IN_USE_CALL_H_
#define RACELAB_LABS_DATA_RACES_DESTROYED_IN_USE_CALL_H_

#include <functional>

// A telephone booth.
struct Booth {
  std::function<void()> signal;  // Sends a metering pulse down its line, which takes a while.
  int bill = 0;                  // In units.
};

// A call from a booth. When it is over, its units are on the booth's bill. Not to be used by two threads at once.
class Call {
 public:
  explicit Call(Booth& booth) : booth_(booth) {}
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;
  ~Call() { booth_.bill += units_; }

  // Lets the caller see that another unit has begun, and counts it.
  void Count() {
    booth_.signal();
    ++units_;
  }

 private:
  Booth& booth_;
  int units_ = 0;
};

#endif  // RACELAB_LABS_DATA_RACES_DESTROYED_IN_USE_CALL_H_
