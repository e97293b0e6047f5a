// The part of log.h that keeps tokens out of whatever is written down.
//
// The path is looked at decoded and cut as it came: "%2Fmcp%2Fpbm%5F…" hides its token as well as
// "/mcp/pbm_…" does. Where the two readings differ, more is hidden rather than less.
#include <cstddef>
#include <vector>

#include "base/digit.h"
#include "telemetry/log.h"

namespace patchbay::telemetry {
namespace {

constexpr std::string_view kInstead = "[redacted]";

// A decoded byte and where it stands in the path. Percent-encoded ones are longer than one byte.
struct Place {
  char c;
  std::size_t begin;
  std::size_t end;
  bool is(char wanted) const { return c == wanted; }
  bool raw(char wanted) const { return c == wanted && end - begin == 1; }
};

// Decodes once; true if there was something to decode.
bool decode(std::vector<Place>& places) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < places.size(); ++out) {
    if (places[i].is('%') && i + 2 < places.size()) {
      const int high = hex_value(places[i + 1].c), low = hex_value(places[i + 2].c);
      if (high >= 0 && low >= 0) {
        places[out] = {static_cast<char>(high << 4 | low), places[i].begin, places[i + 2].end};
        i += 3;
        continue;
      }
    }
    places[out] = places[i++];
  }
  const bool changed = out != places.size();
  places.resize(out);
  return changed;
}

std::vector<Place> decoded(std::string_view path) {
  std::vector<Place> places(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) places[i] = {path[i], i, i + 1};
  // "%252F" needs two turns; whoever encodes more often than four times is not a client of ours,
  // and no router reads a token there.
  for (int turn = 0; turn < 4 && decode(places); ++turn) {
  }
  return places;
}

bool starts_with(const std::vector<Place>& places, std::size_t at, std::string_view lower_case) {
  if (at + lower_case.size() > places.size()) return false;
  for (std::size_t i = 0; i < lower_case.size(); ++i) {
    const char c = places[at + i].c;
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != lower_case[i]) return false;
  }
  return true;
}

// Behind "/mcp/", over what a lenient reader skips: "/mcp//token", "/mcp/./token".
std::size_t skip_empty_segments(const std::vector<Place>& places, std::size_t at) {
  for (;;) {
    if (starts_with(places, at, "/")) {
      at += 1;
    } else if (starts_with(places, at, "./")) {
      at += 2;
    } else if (starts_with(places, at, "../")) {
      at += 3;
    } else {
      return at;
    }
  }
}

// A path segment ends only at a delimiter that was not encoded.
std::size_t end_of_segment(const std::vector<Place>& places, std::size_t at) {
  while (at < places.size() && !places[at].raw('/') && !places[at].raw('?') &&
         !places[at].raw('#')) {
    ++at;
  }
  return at;
}

std::size_t end_of_token(const std::vector<Place>& places, std::size_t at) {
  const auto in_token = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  while (at < places.size() && in_token(places[at].c)) ++at;
  return at;
}

// Its parts are joined by dots.
std::size_t end_of_link(const std::vector<Place>& places, std::size_t at) {
  for (;;) {
    at = end_of_token(places, at);
    if (at >= places.size() || !places[at].is('.')) return at;
    ++at;
  }
}

}  // namespace

std::string redact_path(std::string_view path) {
  const std::vector<Place> places = decoded(path);
  std::string out;
  out.reserve(path.size());
  std::size_t copied = 0;  // of the path
  for (std::size_t i = 0; i < places.size();) {
    std::size_t begin = i, end = i;
    if (starts_with(places, i, "/mcp/")) {
      begin = skip_empty_segments(places, i + 5);
      end = end_of_segment(places, begin);
    } else if (starts_with(places, i, "pbm_") || starts_with(places, i, "pba_") ||
               starts_with(places, i, "pbs_") || starts_with(places, i, "pbl_")) {
      end = end_of_token(places, i);
    } else if (starts_with(places, i, "/approve/")) {
      begin = skip_empty_segments(places, i + 9);
      end = end_of_segment(places, begin);
    } else if (starts_with(places, i, "/connect/")) {
      begin = skip_empty_segments(places, i + 9);
      end = end_of_segment(places, begin);
    } else if (starts_with(places, i, "apl_") || starts_with(places, i, "cnl_")) {
      end = end_of_link(places, i);
    }
    if (end == begin) {
      ++i;
      continue;
    }
    out.append(path.substr(copied, places[begin].begin - copied));
    out.append(kInstead);
    copied = places[end - 1].end;
    i = end;
  }
  out.append(path.substr(copied));
  return out;
}

}  // namespace patchbay::telemetry
