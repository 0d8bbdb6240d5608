#include <visit_counter.h>

#include <cstdint>
#include <string>

#include "gtest/gtest.h"
#include "tests/support/hand_shake.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/second_runtime.h"
#include "tests/support/step_note.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

std::string Describe(Function function) {
  switch (function) {
    case kAcquire:
      return "CALL acquire";
    case kRelease:
      return "CALL release";
    case kAppend:
      return "CALL append";
    case kSum:
      return "CALL sum";
  }
  return "";
}

// "STORE visits = 1"
std::string Describe(const Instruction& instruction, std::int64_t number) {
  const std::string value = std::to_string(number);
  switch (instruction.op) {
    case Op::kRead:
      return "READ";
    case Op::kPush:
      return "PUSH " + value;
    case Op::kLoad:
      return "LOAD visits -> " + value;
    case Op::kStore:
      return "STORE visits = " + value;
    case Op::kAdd:
      return "ADD -> " + value;
    case Op::kAddTo:
      return "ADD TO visits = " + value;
    case Op::kJump:
      return "JUMP " + value;
    case Op::kCall:
      return Describe(static_cast<Function>(instruction.operand));
  }
  return "";
}

void Note(const Instruction& instruction, std::int64_t number) { NoteStep(Describe(instruction, number)); }

// A guest thread that answers this many requests.
void Serve(Interpreter& interpreter, int requests) {
  interpreter.Run(VisitCounter::Serve(), [&] { return requests-- > 0; });
}

std::int64_t Total(Interpreter& interpreter) {
  return interpreter.Run(VisitCounter::Total(), [] { return false; });
}

TEST(VisitCounter, KeepsBothOfTwoSimultaneousVisits) {
  Interleavings([] {
    Interpreter interpreter(Note);
    RunTogether([&] { Serve(interpreter, 1); }, [&] { Serve(interpreter, 1); });
    EXPECT_EQ(Total(interpreter), 2);
  });
}

// A thread without requests must not block the others, nor end while it holds a lock.
TEST(VisitCounter, CountsBesideAThreadThatHasNoRequests) {
  Interleavings([] {
    Interpreter interpreter(Note);
    RunTogether([&] { Serve(interpreter, 1); }, [&] { Serve(interpreter, 0); });
    EXPECT_EQ(Total(interpreter), 1);
  });
}

// The first thread's request comes when the second one has answered its own.
TEST(VisitCounter, CountsWhileAThreadWaitsForARequest) {
  Interleavings([] {
    Interpreter interpreter(Note);
    HandShake answered;
    int requests = 1;
    const auto read = [&] {
      if (requests-- == 0) return false;
      // A wrong program must not hang ThreadSanitizer, which would say nothing of it.
      UnderSecondRuntime() ? answered.Await() : static_cast<void>(answered.AwaitBriefly());
      return true;
    };
    RunSimultaneously([&] { interpreter.Run(VisitCounter::Serve(), read); },
                      [&] {
                        Serve(interpreter, 1);
                        answered.Signal();
                      });
    EXPECT_EQ(Total(interpreter), 2);
  });
}

TEST(VisitCounter, StartsAtZero) {
  Interpreter interpreter;
  EXPECT_EQ(Total(interpreter), 0);
}

TEST(VisitCounter, AddsUpWhatThreadsServedOneAfterTheOther) {
  ForRandomSteps({{"Serve", {0, 10}}}, 50, [](Steps& steps) {
    Interpreter interpreter;
    int requests = 0;
    for (const Step& step : steps) {
      Serve(interpreter, step.value);
      requests += step.value;
    }
    steps.Shows("Total", Total(interpreter), requests);
  });
}

}  // namespace
}  // namespace racelab
