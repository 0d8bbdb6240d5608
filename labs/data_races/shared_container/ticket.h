#ifndef RACELAB_LABS_DATA_RACES_SHARED_CONTAINER_TICKET_H_
#define RACELAB_LABS_DATA_RACES_SHARED_CONTAINER_TICKET_H_

#include <cstdint>

using Ticket = std::uint64_t;

// The ticket of the session with this number: the number, mixed so that neighbours look unlike. Each round is one to
// one, so no two tickets are equal. (They need not be hard to guess: the front ends sign their tickets.)
inline Ticket MakeTicket(std::uint64_t number) {
  Ticket ticket = number;
  for (int round = 0; round < 300; ++round) {
    ticket = (ticket ^ (ticket >> 31)) * 0x9e3779b97f4a7c15 + 1;
  }
  return ticket;
}

#endif  // RACELAB_LABS_DATA_RACES_SHARED_CONTAINER_TICKET_H_
