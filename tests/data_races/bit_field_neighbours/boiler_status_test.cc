#include <boiler_status.h>

#include "gtest/gtest.h"
#include "tests/support/interleavings.h"
#include "tests/support/run_together.h"
#include "tests/support/steps.h"

namespace racelab {
namespace {

using Lamps = BoilerStatus::Lamps;

void Set(BoilerStatus& boiler, Lamps lamps) {
  boiler.SetBurner(lamps.burner_lit);
  boiler.SetLowWater(lamps.low_water);
}

TEST(BoilerStatus, ShowsNothingAtFirst) {
  const BoilerStatus boiler;
  EXPECT_FALSE(boiler.Shown().burner_lit);
  EXPECT_FALSE(boiler.Shown().low_water);
  EXPECT_FALSE(boiler.BurnerLit());
  EXPECT_FALSE(boiler.LowWater());
}

TEST(BoilerStatus, ShowsTheLastReportsOnOneThread) {
  enum { kSetBurner, kSetLowWater };
  const Values flag = {0, 2};
  ForRandomSteps({{"SetBurner", flag}, {"SetLowWater", flag}}, 12, [](Steps& steps) {
    BoilerStatus boiler;
    Lamps model;
    for (const Step& step : steps) {
      const bool on = step.value == 1;
      if (step.what == kSetBurner) {
        boiler.SetBurner(on);
        model.burner_lit = on;
      } else {
        boiler.SetLowWater(on);
        model.low_water = on;
      }
      steps.Shows("BurnerLit", boiler.BurnerLit(), model.burner_lit);
      steps.Shows("LowWater", boiler.LowWater(), model.low_water);
      steps.Shows("Shown().burner_lit", boiler.Shown().burner_lit, model.burner_lit);
      steps.Shows("Shown().low_water", boiler.Shown().low_water, model.low_water);
    }
  });
}

// Before, both are one thing; then both report the other.
void ReportAtOnce(Lamps before, Lamps after) {
  Interleavings([&] {
    BoilerStatus boiler;
    Set(boiler, before);
    RunTogether([&] { boiler.SetBurner(after.burner_lit); }, [&] { boiler.SetLowWater(after.low_water); });
    EXPECT_EQ(boiler.Shown().burner_lit, after.burner_lit);
    EXPECT_EQ(boiler.Shown().low_water, after.low_water);
  });
}

TEST(BoilerStatus, ShowsTwoReportsAtOnce) { ReportAtOnce({}, {.burner_lit = true, .low_water = true}); }

TEST(BoilerStatus, ShowsThatTwoThingsAreOverAtOnce) { ReportAtOnce({.burner_lit = true, .low_water = true}, {}); }

TEST(BoilerStatus, ShowsLowWaterWhileTheBurnerGoesOut) {
  ReportAtOnce({.burner_lit = true}, {.burner_lit = false, .low_water = true});
}

TEST(BoilerStatus, ShowsEnoughWaterWhileTheBurnerIsLit) {
  ReportAtOnce({.low_water = true}, {.burner_lit = true, .low_water = false});
}

TEST(BoilerStatus, ShowsEachOfTwoItsOwnReport) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetLowWater(true);
    bool lit = false;
    bool low = true;
    RunTogether(
        [&] {
          boiler.SetBurner(true);
          lit = boiler.BurnerLit();
        },
        [&] {
          boiler.SetLowWater(false);
          low = boiler.LowWater();
        });
    EXPECT_TRUE(lit);
    EXPECT_FALSE(low);
  });
}

TEST(BoilerStatus, ShowsWhatIsBeingReportedBeforeOrAfter) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetLowWater(true);
    bool low = false;
    bool lit = false;
    bool low_after_lit = false;
    RunTogether(
        [&] {
          boiler.SetLowWater(false);
          boiler.SetBurner(true);
        },
        [&] {
          lit = boiler.BurnerLit();
          low_after_lit = boiler.LowWater();
          low = boiler.Shown().low_water;
        });
    EXPECT_TRUE(!low || low_after_lit || !lit) << "the water was enough, and then low again";
    EXPECT_TRUE(boiler.BurnerLit());
    EXPECT_FALSE(boiler.LowWater());
  });
}

TEST(BoilerStatus, ShowsAReportUntilTheNextAboutTheSame) {
  Interleavings([] {
    BoilerStatus boiler;
    bool lit = false;
    RunTogether(
        [&] {
          boiler.SetBurner(true);
          lit = boiler.Shown().burner_lit;
        },
        [&] {
          boiler.SetLowWater(true);
          boiler.SetLowWater(false);
        });
    EXPECT_TRUE(lit);
    EXPECT_TRUE(boiler.Shown().burner_lit);
    EXPECT_FALSE(boiler.Shown().low_water);
  });
}

TEST(BoilerStatus, ShowsOneOfTwoReportsAboutTheBurner) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetLowWater(true);
    Lamps early;
    Lamps late;
    RunTogether(
        [&] {
          boiler.SetBurner(true);
          early = boiler.Shown();
        },
        [&] {
          boiler.SetBurner(false);
          late = boiler.Shown();
        });
    const Lamps last = boiler.Shown();
    EXPECT_TRUE(early.low_water && late.low_water && last.low_water);
    EXPECT_TRUE(early.burner_lit || !last.burner_lit) << "the first report came last, and was not shown";
    EXPECT_TRUE(!late.burner_lit || last.burner_lit) << "the second report came last, and was not shown";
  });
}

TEST(BoilerStatus, ShowsOneOfTwoReportsAboutTheWater) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetBurner(true);
    bool early = true;
    bool late = true;
    RunTogether(
        [&] {
          boiler.SetLowWater(true);
          early = boiler.LowWater();
        },
        [&] {
          boiler.SetLowWater(false);
          late = boiler.LowWater();
        });
    const Lamps last = boiler.Shown();
    EXPECT_TRUE(last.burner_lit);
    EXPECT_TRUE(early || !last.low_water) << "the first report came last, and was not shown";
    EXPECT_TRUE(!late || last.low_water) << "the second report came last, and was not shown";
  });
}

TEST(BoilerStatus, ShowsWhatTwoReportAlikeAtOnce) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetLowWater(true);
    RunTogether(
        [&] {
          boiler.SetBurner(true);
          boiler.SetLowWater(false);
        },
        [&] {
          boiler.SetBurner(true);
          boiler.SetLowWater(false);
        });
    EXPECT_TRUE(boiler.BurnerLit());
    EXPECT_FALSE(boiler.LowWater());
  });
}

// A safe boiler: the burner goes out before the water may be low, so never are both lamps on.
TEST(BoilerStatus, ShowsBothAsTheyAreAtOneMoment) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetBurner(true);
    Lamps seen;
    RunTogether(
        [&] {
          boiler.SetBurner(false);
          boiler.SetLowWater(true);
        },
        [&] { seen = boiler.Shown(); });
    EXPECT_FALSE(seen.burner_lit && seen.low_water);
    EXPECT_TRUE(boiler.Shown().low_water);
  });
}

// An unsafe one: the burner goes out after the water has become low, so one lamp is always on.
TEST(BoilerStatus, ShowsBothAsTheyAreAtOneMomentInTheOtherOrder) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetBurner(true);
    Lamps seen;
    RunTogether(
        [&] {
          boiler.SetLowWater(true);
          boiler.SetBurner(false);
        },
        [&] { seen = boiler.Shown(); });
    EXPECT_TRUE(seen.burner_lit || seen.low_water);
    EXPECT_FALSE(boiler.Shown().burner_lit);
  });
}

// Whoever looks at one lamp twice, and finds the same, does not know that nothing has been reported in between.
TEST(BoilerStatus, ShowsBothAsTheyAreAtOneMomentThoughTheBurnerGoesOutAndOnAgain) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetBurner(true);
    Lamps seen;
    RunTogether(
        [&] {
          boiler.SetBurner(false);
          boiler.SetLowWater(true);
          boiler.SetLowWater(false);
          boiler.SetBurner(true);
        },
        [&] { seen = boiler.Shown(); });
    EXPECT_FALSE(seen.burner_lit && seen.low_water);
  });
}

TEST(BoilerStatus, ShowsBothAsTheyAreAtOneMomentThoughTheWaterIsHighAndLowAgain) {
  Interleavings([] {
    BoilerStatus boiler;
    boiler.SetLowWater(true);
    Lamps seen;
    RunTogether(
        [&] {
          boiler.SetLowWater(false);
          boiler.SetBurner(true);
          boiler.SetBurner(false);
          boiler.SetLowWater(true);
        },
        [&] { seen = boiler.Shown(); });
    EXPECT_FALSE(seen.burner_lit && seen.low_water);
  });
}

// Whoever reports the water has seen the burner lit: the lamp of the burner is on before that of the water.
TEST(BoilerStatus, ShowsBothAsTheyAreAtOneMomentThoughTwoReport) {
  Interleavings([] {
    BoilerStatus boiler;
    bool lit = false;
    Lamps seen;
    RunTogether([&] { boiler.SetBurner(true); },
                [&] {
                  lit = boiler.BurnerLit();
                  boiler.SetLowWater(true);
                },
                [&] { seen = boiler.Shown(); });
    EXPECT_FALSE(lit && seen.low_water && !seen.burner_lit);
  });
}

TEST(BoilerStatus, ShowsBothAsTheyAreAtOneMomentThoughTwoReportInTheOtherOrder) {
  Interleavings([] {
    BoilerStatus boiler;
    bool low = false;
    Lamps seen;
    RunTogether([&] { boiler.SetLowWater(true); },
                [&] {
                  low = boiler.LowWater();
                  boiler.SetBurner(true);
                },
                [&] { seen = boiler.Shown(); });
    EXPECT_FALSE(low && seen.burner_lit && !seen.low_water);
  });
}

TEST(BoilerStatus, HasNothingInCommonWithAnother) {
  Interleavings([] {
    BoilerStatus boilers[2];
    RunTogether([&] { boilers[0].SetBurner(true); }, [&] { boilers[1].SetLowWater(true); });
    EXPECT_TRUE(boilers[0].Shown().burner_lit);
    EXPECT_FALSE(boilers[0].Shown().low_water);
    EXPECT_FALSE(boilers[1].Shown().burner_lit);
    EXPECT_TRUE(boilers[1].Shown().low_water);
  });
}

}  // namespace
}  // namespace racelab
