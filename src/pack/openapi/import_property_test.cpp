// Documents that nobody would write: seeds whose parts are put in each other's places.
#include <fstream>
#include <iterator>
#include <random>

#include "json/parse.h"
#include "pack/openapi/test_documents.h"
#include "pack/openapi/test_fitness.h"

namespace patchbay::openapi {
namespace {

std::string seed(const std::string& name) {
  std::ifstream stream(PATCHBAY_SOURCE_DIR "/fuzz/corpus/openapi/" + name, std::ios::binary);
  REQUIRE_MESSAGE(stream.is_open(), name);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Mutation {
 public:
  explicit Mutation(std::uint32_t seed) : random_(seed) {}

  json::Value of(json::Value document) {
    const auto changes = 1 + pick(4);
    for (std::size_t i = 0; i < changes; ++i) {
      collect(document);
      // A copy first: the place may lie within what is taken.
      const json::Value part = pick(4) == 0 ? odd() : *places_[pick(places_.size())];
      *places_[pick(places_.size())] = part;
      places_.clear();
    }
    return document;
  }

 private:
  std::size_t pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(random_);
  }

  void collect(json::Value& value) {
    places_.push_back(&value);
    if (auto* list = value.if_array()) {
      for (json::Value& each : *list) collect(each);
    } else if (auto* object = value.if_object()) {
      for (auto& [key, inner] : *object) {
        if (pick(40) == 0) key = odd_name();
        collect(inner);
      }
    }
  }

  std::string odd_name() {
    static const std::vector<std::string> kNames = {
        "",      "$",        "a/b",         "/",   "id",
        "limit", "fields",   "verbose",     "{",   "}",
        "{x}",   "/{a}{b}",  "/read",       "x y", "é",
        "allOf", "required", "next_cursor", "get", std::string(300, 'n')};
    return kNames[pick(kNames.size())];
  }

  json::Value odd() {
    static const std::vector<json::Value> kValues = {nullptr,
                                                     true,
                                                     -1,
                                                     1.5,
                                                     "",
                                                     "\x7f\u2028",
                                                     "string",
                                                     "array",
                                                     "object",
                                                     "binary",
                                                     json::Array{},
                                                     json::Object{},
                                                     json::Array{nullptr, 1, "a"},
                                                     json::Object{{"$ref", "#"}},
                                                     json::Object{{"$ref", "#/paths"}},
                                                     json::Object{{"type", "array"}},
                                                     std::string(3'000, 'x')};
    return kValues[pick(kValues.size())];
  }

  std::mt19937 random_;
  std::vector<json::Value*> places_;
};

TEST_CASE("whatever a document says, an import ends with fit tools or with its fault") {
  std::size_t sound = 0;
  for (const char* name : {"records", "family", "circle"}) {
    const auto document = json::parse(seed(name));
    REQUIRE(document.has_value());
    for (std::uint32_t i = 0; i < 1'000; ++i) {
      const std::string text = json::to_string(Mutation(i).of(*document));
      const auto outcome = testing::imported(text);
      if (outcome.integration) ++sound;
      const auto unfit = testing::unfit(outcome, "api.json");
      CHECK_MESSAGE(unfit.empty(), name << " " << i << ": " << unfit << "\n" << text);
    }
  }
  CHECK(sound > 300);
}

}  // namespace
}  // namespace patchbay::openapi
