// A house in which devices tell one another what happens: a doorbell and a lamp, a siren, and since yesterday a smoke
// detector.

#include <cstdio>
#include <string>
#include <thread>

#include <event_bus.h>  // In angle brackets: the include path decides which variant of it is built.

namespace {

std::string g_lamp = "off";
std::string g_siren = "silent";

}  // namespace

int main() {
  EventBus house;
  house.Subscribe([](const std::string& event) {
    if (event == "doorbell") g_lamp = "on";
  });
  house.Subscribe([](const std::string& event) {
    if (event == "alarm") g_siren = "howling";
  });
  house.Subscribe([&house](const std::string& event) {
    if (event == "smoke") house.Publish("alarm");
  });

  std::thread front_door([&] { house.Publish("doorbell"); });
  front_door.join();
  std::printf("somebody rings: the lamp is %s, the siren %s\n", g_lamp.c_str(), g_siren.c_str());
  std::fflush(stdout);

  std::thread kitchen([&] { house.Publish("smoke"); });
  kitchen.join();
  std::printf("smoke in the kitchen: the lamp is %s, the siren %s\n", g_lamp.c_str(), g_siren.c_str());
  return g_siren == "howling" ? 0 : 1;
}
