#ifndef RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_
#define RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_

// Tries links.
class Wire {
 public:
  virtual ~Wire() = default;

  // Waits until the link's server has answered; returns whether the link leads anywhere. May be called from several
  // threads at once. Does not throw.
  virtual bool IsAlive(int link) = 0;
};

#endif  // RACELAB_LABS_FIRST_THREADS_OVERLAPPED_IO_WIRE_H_
