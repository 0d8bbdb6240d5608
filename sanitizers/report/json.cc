#include "sanitizers/report/json.h"

#include <string>
#include <string_view>
#include <utility>

#include "sanitizers/report/report.h"

namespace racelab {
namespace {

using nlohmann::json;

// nlohmann's writer can replace bytes that are not UTF-8, but its values cannot: write the text and read it back.
json Text(std::string_view text) {
  return json::parse(json(std::string(text)).dump(-1, ' ', false, json::error_handler_t::replace));
}

json FrameJson(const Frame& frame) {
  return {{"function", Text(frame.function)},
          {"file", Text(frame.file)},
          {"line", frame.line},
          {"module", Text(frame.module)}};
}

}  // namespace

json ToJson(const Report& report) {
  json stacks = json::array();
  for (const Stack& stack : report.stacks) {
    json frames = json::array();
    for (const Frame& frame : stack.frames) frames.push_back(FrameJson(frame));
    stacks.push_back(
        {{"role", Name(stack.role)}, {"description", Text(stack.description)}, {"frames", std::move(frames)}});
  }
  json sites = json::array();
  for (const NamedSite& site : NamedSites(report)) {
    if (site.frame == nullptr) {
      sites.push_back(nullptr);
      continue;
    }
    sites.push_back({{"function", Text(site.frame->function)},
                     {"name", Text(site.name)},
                     {"file", Text(site.frame->file)},
                     {"line", site.frame->line}});
  }
  return {{"kind", Name(report.kind)}, {"headline", Text(report.headline)}, {"location", Text(report.location)},
          {"text", Text(report.text)}, {"sites", std::move(sites)},         {"stacks", std::move(stacks)}};
}

}  // namespace racelab
